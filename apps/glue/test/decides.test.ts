import { decidingNumbers, TASK_RUN_DECIDES } from '@sketchgrad/bench/node';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addFinetuneOptions } from '../src/options/finetune.js';

test('of every option it is said whether a finished run is another with it', () => {
  const declared = addFinetuneOptions(new Command()).options.map((option) =>
    option.attributeName(),
  );
  expect(declared.length).toBeGreaterThan(20);
  for (const name of declared) expect(TASK_RUN_DECIDES, name).toHaveProperty(name);
});

test('recomputation and threads tell runs apart, and places do not', () => {
  const told = { seed: 1, recompute: 'block', threads: undefined, out: 'a', json: true } as never;
  expect(decidingNumbers(told, TASK_RUN_DECIDES, { threads: 2 })).toEqual({
    ...{ seed: 1, recompute: 'block', threads: 2 },
  });
  expect(() => decidingNumbers({ unheardOf: 1 } as never, TASK_RUN_DECIDES, {})).toThrow(
    "nobody has said what the option 'unheardOf' decides",
  );
});
