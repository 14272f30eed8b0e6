// The tests with properties on other examples than usual: `pnpm test:fresh-seeds [seed]`. What fails
// fails again with the seed that is printed.

import { randomInt } from 'node:crypto';
import { turbo } from './command.mjs';

const seed = process.argv[2] ?? String(randomInt(2 ** 31));
if (!/^\d+$/.test(seed)) {
  console.error(`a seed is a whole number, not '${seed}'`);
  process.exit(2);
}
console.log(`seed ${seed}: pnpm test:fresh-seeds ${seed}`);
process.env.SKETCHGRAD_SEED = seed;
process.exitCode = (await turbo(['test', '--continue'])).code;
console.log(`seed ${seed}: pnpm test:fresh-seeds ${seed}`);
