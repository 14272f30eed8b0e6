import { decidingNumbers, GRAPH_RUN_DECIDES } from '@sketchgrad/bench/node';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addTable } from '../src/commands/table.js';
import { addTrainingOptions } from '../src/options/training.js';

test('of every option it is said whether a finished run is another with it', () => {
  const declared = addTrainingOptions(new Command()).options.map((option) =>
    option.attributeName(),
  );
  expect(declared.length).toBeGreaterThan(20);
  for (const name of declared) expect(GRAPH_RUN_DECIDES, name).toHaveProperty(name);
});

test('a table has no options beside those of its runs but which runs there are', () => {
  const program = new Command();
  addTable(program, {} as never);
  const names = program.commands[0]!.options.map((option) => option.attributeName());
  const own = names.filter((name) => !Object.hasOwn(GRAPH_RUN_DECIDES, name));
  expect(own.sort()).toEqual(['seeds', 'ways']);
});

test('recomputation and threads tell runs apart, and places do not', () => {
  const told = { seed: 1, recompute: 'block', threads: undefined, out: 'a', json: true } as never;
  expect(decidingNumbers(told, GRAPH_RUN_DECIDES, { threads: 2 })).toEqual({
    ...{ seed: 1, recompute: 'block', threads: 2 },
  });
  expect(() => decidingNumbers({ unheardOf: 1 } as never, GRAPH_RUN_DECIDES, {})).toThrow(
    "nobody has said what the option 'unheardOf' decides",
  );
});
