// Kills real runs at random moments and resumes them: `pnpm kills`, or so many with another seed:
// `pnpm kills --kills 100 --seed 1`. Half of the runs are of `glue finetune`, half of `gcn train`; each
// must end with the same bits as one that was never killed. The suite does the same with a few.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installed, root, run } from './command.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
const kills = Number(values.kills);
if (!Number.isInteger(kills) || kills < 2) {
  console.error(`--kills must be a whole number of at least 2, but it is ${values.kills}`);
  process.exit(2);
}
let failed = 0;
for (const [app, share] of /** @type {const} */ ([
  ['glue', Math.ceil(kills / 2)],
  ['gcn', Math.floor(kills / 2)],
])) {
  const { code } = await run(
    [installed('vitest'), 'run', '--config', join(root, 'vitest.config.ts'), 'test/kills.test.ts'],
    {
      cwd: join(root, 'apps', app),
      environment: {
        ...process.env,
        SKETCHGRAD_KILLS: String(share),
        SKETCHGRAD_SEED: values.seed,
      },
    },
  );
  if (code !== 0) failed++;
}
process.exitCode = failed > 0 ? 1 : 0;
