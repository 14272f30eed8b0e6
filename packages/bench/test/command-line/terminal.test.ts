import { DataError, nearName, PlanError, UsageError } from '@sketchgrad/core';
import { InterruptedError } from '@sketchgrad/train';
import { CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { describeFailure, Stopped } from '../../src/command-line/terminal/failure.js';
import { Output } from '../../src/command-line/terminal/output.js';
import { newProgram, runProgram } from '../../src/command-line/terminal/program.js';
import { Progress } from '../../src/command-line/terminal/progress.js';
import { stoppedBy } from '../../src/command-line/terminal/stopped.js';
import { describeReport } from '../../src/estimators/linear-layers.js';
import { residentMemory } from '../../src/node/runs/memory.js';

let [out, err] = ['', ''];
beforeEach(() => {
  [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += text;
    return true;
  });
  vi.stubEnv('DEBUG', '');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

test('a result is for people, or for a program with the words beside it', () => {
  new Output(false).result('words', { a: 1 });
  expect([out, err]).toEqual(['words\n', '']);
  new Output(true).result('more', { a: 1 });
  expect([out, err]).toEqual(['words\n{"a":1}\n', 'more\n']);
  new Output(true).note('by the way');
  expect(err).toBe('more\nby the way\n');
});

test('without a terminal there is a line every five seconds, and one at the end', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const progress = new Progress('step');
  const shown = [0, 4999, 1, 4999, 0].map((wait, index) => {
    err = '';
    vi.advanceTimersByTime(wait);
    progress.show(index + 1, 5, 'loss 1');
    return err;
  });
  const line = (step: number) => `step ${step}/5  loss 1\n`;
  expect(shown).toEqual([line(1), '', line(3), '', line(5)]);
  err = '';
  progress.note('saved');
  progress.end();
  expect(err).toBe('saved\n');
  expect(residentMemory()).toMatch(/^resident \d+(\.\d+)? [MG]iB$/);
});

describe('a failure', () => {
  test.for([
    [new UsageError('wrong'), 2, 'error: wrong'],
    [new DataError('a.tsv', 'wrong', 3), 2, 'error: a.tsv:3: wrong'],
    [new PlanError('too much', 2, 1), 1, 'error: too much'],
    [new Stopped('stopped', 130), 130, 'error: stopped'],
    [new CommanderError(0, 'help', ''), 0, ''],
    [new CommanderError(1, 'unknown', 'said'), 2, ''],
    [Object.assign(new Error('no space'), { syscall: 'write' }), 1, 'error: no space'],
  ] as const)('%s: exit code %i', ([error, exitCode, text]) => {
    expect(describeFailure(error)).toEqual({ exitCode, text });
  });

  test('that nobody meant to raise is shown with its stack, and what caused it', () => {
    const cause = new RangeError('inner');
    const { exitCode, text } = describeFailure(new Error('outer', { cause }));
    expect(exitCode).toBe(1);
    expect(text).toMatch(/^error: this should not have happened: Error: outer\n +at /);
    expect(text).toMatch(/\nbecause of: RangeError: inner\n +at /);
    expect(describeFailure('thrown').text).toBe('error: this should not have happened: thrown');
  });

  test('has its stack where DEBUG is set', () => {
    vi.stubEnv('DEBUG', '1');
    expect(describeFailure(new UsageError('wrong')).text).toMatch(/^UsageError: wrong\n +at /);
  });

  test('of an interrupted run has its exit code, and how to go on where that can be', () => {
    const error = new InterruptedError('interrupted', 'file');
    expect(stoppedBy(error, { exitCode: 143 }, true)).toMatchObject({
      ...{ exitCode: 143, cause: error },
      message: 'interrupted; the same command with --resume goes on from there',
    });
    expect(stoppedBy(error, { exitCode: undefined }, false)).toMatchObject({
      ...{ exitCode: 1, message: 'interrupted' },
    });
    const other = new Error('other');
    expect(stoppedBy(other, { exitCode: 143 }, true)).toBe(other);
  });
});

describe('a near name', () => {
  const known = ['gaussian', 'rademacher', 'count', 'dct', 'dft'];
  test.for([
    ['cuont', 'count'],
    ['gausian', 'gaussian'],
    ['COUNT', 'count'],
    ['countess', 'count'],
    // As near to both: the first.
    ['dxt', 'dct'],
    ['rademachre', 'rademacher'],
  ] as const)('of %s is %s', ([name, near]) =>
    expect(nearName(name, known)).toBe(` (did you mean '${near}'?)`),
  );
  test.for(['countesses', 'xyz', 'q', '', 'normal'])('of %s is none', (name) =>
    expect(nearName(name, known)).toBe(''),
  );
});

test('estimators are told as they are typed', () => {
  const rmm = { estimator: 'rmm', sketch: 'count', rate: 0.5 } as const;
  expect(describeReport(rmm)).toBe('rmm:count:0.5');
  expect(describeReport({ ...rmm, everyLayer: true })).toBe('rmm:count:0.5, every layer');
  expect(describeReport({ ...rmm, exactLayers: 1 })).toBe('rmm:count:0.5, exact in 1 layer');
  expect(describeReport({ ...rmm, exactLayers: 6 })).toBe('rmm:count:0.5, exact in 6 layers');
  const chosen = { estimator: 'chosen', sketch: null, rate: null, choice: [] } as const;
  expect(describeReport(chosen)).toBe('chosen by layer');
});

test('a command line takes what follows its name, and tells its failure', async () => {
  const said: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(said.push(String(text))));
  const taken: unknown[] = [];
  const program = newProgram('test', '1.0.0');
  program.command('go <where>').action((where: string) => {
    if (where === 'nowhere') throw new UsageError('there is no such place');
    taken.push(where);
  });
  expect(await runProgram(program, ['go', 'home'])).toBe(0);
  expect(taken).toEqual(['home']);
  expect(said).toEqual([]);
  expect(await runProgram(program, ['go', 'nowhere'])).toBe(2);
  expect(said).toEqual(['error: there is no such place\n']);
});
