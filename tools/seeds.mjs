// Run by vitest before each test file: what fast-check draws is the same in every run, unless
// SKETCHGRAD_SEED says from which seed else.

import fc from 'fast-check';

const seed = Number(process.env.SKETCHGRAD_SEED ?? 1);
if (!Number.isSafeInteger(seed))
  throw new Error(
    `SKETCHGRAD_SEED is '${process.env.SKETCHGRAD_SEED}', and should be a whole number`,
  );
fc.configureGlobal({ seed });
