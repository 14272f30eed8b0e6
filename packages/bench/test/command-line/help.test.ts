import { Command } from 'commander';
import { expect, test, vi } from 'vitest';
import {
  addEstimatorOptions,
  estimatorOption,
  estimatorsOption,
} from '../../src/command-line/estimators/index.js';
import { newProgram, runProgram } from '../../src/command-line/terminal/program.js';
import { counted } from '../../src/counted.js';

/** The help of a command, each option's in one line. */
function helpOf(add: (command: Command) => void): string {
  const command = new Command('some').configureHelp({ helpWidth: 1000 });
  add(command);
  return command.helpInformation();
}

test('the help has estimators as they are typed, and one default an option', () => {
  const help = helpOf((command) =>
    addEstimatorOptions(
      command
        .addOption(estimatorOption('--one <name>', 'the one', 'rmm:count:0.1'))
        .addOption(estimatorOption('--own <name>', 'of its own', 'rmm', 'rmm:gaussian:0.5'))
        .addOption(estimatorsOption('--many <names>', 'some', 'dense,rmm:count:0.1')),
    ),
  );
  const line = (flag: string) => help.split('\n').find((each) => each.includes(flag))!;
  expect(line('--one')).toMatch(
    /the one: dense, rmm, .*such as rmm:count:0.1 \(default: rmm:count:0.1\)$/,
  );
  expect(line('--own')).toMatch(/ \(default: rmm:gaussian:0.5\)$/);
  expect(line('--many')).toMatch(/ \(default: dense,rmm:count:0.1\)$/);
  expect(line('--rate')).toContain('(default: 0.1; of rmm-quantized 0.5)');
  expect(line('--bits')).toContain('(default: 3; of rmm-quantized 4, of exact 2)');
  for (const each of help.split('\n')) expect(each.split('default: ').length, each).toBeLessThan(3);
  expect(help).not.toMatch(/[{}[\]]"/);
});

test('the rate of a command of its own is said in its help', () => {
  expect(helpOf((command) => addEstimatorOptions(command, '0.5'))).toContain('(default: 0.5)');
});

test.each([
  [['pln', '--help'], 2, "unknown command 'pln'\n(Did you mean plan?)"],
  [['--help', 'pln'], 2, "unknown command 'pln'"],
  [['help', 'pln'], 2, "unknown command 'pln'"],
  [['plan', '--help'], 0, 'Usage: some plan'],
  [['help', 'plan'], 0, 'Usage: some plan'],
  [['help'], 0, 'Usage: some'],
  [['--help'], 0, 'Usage: some'],
  [['--version'], 0, '1.2.3'],
])('%j: exit code %i', async (words, code, text) => {
  let said = '';
  const note = (part: string | Uint8Array) => {
    said += part;
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(note);
  vi.spyOn(process.stderr, 'write').mockImplementation(note);
  try {
    const program = newProgram('some', '1.2.3');
    program.command('plan').action(() => undefined);
    expect(await runProgram(program, words)).toBe(code);
  } finally {
    vi.restoreAllMocks();
  }
  expect(said).toContain(text);
});

test('numbers have their nouns', () => {
  expect([0, 1, 2].map((count) => counted(count, 'step'))).toEqual([
    '0 steps',
    '1 step',
    '2 steps',
  ]);
});
