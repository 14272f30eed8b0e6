import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Ended, onlyJson, type Running, run, start } from './command.js';
import { smallDisk } from './small-disk.js';
import { temporaryFolder, tinyRun, writeTinyModel } from './tiny-model.js';

const STEPS = 202;

/** Many processes side by side, on a machine that may have other work. */
const timeout = 180_000;

/** For a run that is to be stopped in its middle: a checkpoint after every step. */
const EVERY_STEP = ['--save-every', '1'];

/** A run long enough to be stopped in its middle: of a second or more. */
function longRun(): { readonly words: string[]; readonly out: string } {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  const sketched = ['--estimator', 'rmm', '--rate', '0.5'];
  return { words: [...tinyRun(folder, 801), '--out', out, ...sketched], out };
}

const checkpoints = (out: string): string[] => {
  const folder = join(out, 'checkpoints');
  return existsSync(folder) ? readdirSync(folder) : [];
};

/** Waits until a run has written the checkpoint of a step. */
async function atStep(step: number, out: string, { child }: Running): Promise<void> {
  const written = () =>
    checkpoints(out).some((name) => Number(/^step-(\d+)\.checkpoint$/.exec(name)?.[1]) >= step);
  while (child.exitCode === null && child.signalCode === null && !written()) await sleep(2);
}

/** Waits until a command has said something on standard error. */
async function said(text: string, { child }: Running): Promise<void> {
  let heard = '';
  child.stderr!.on('data', (more: string) => {
    heard += more;
  });
  while (!heard.includes(text)) await sleep(5);
}

/** What must be the same however often a run was stopped. */
function outcome(ended: Ended, out: string): object {
  const {
    secondsPerStep: _,
    measuredPeakBytes: __,
    processPeakBytes: ___,
    ...result
  } = onlyJson(ended);
  expect(checkpoints(out)).toEqual([]);
  const files = readdirSync(out).sort();
  return { result, files, weights: readFileSync(join(out, 'model.safetensors')).toString('hex') };
}

test('a run that is finished tells the same again, and trains nothing', { timeout }, async () => {
  const folder = temporaryFolder();
  const words = [...tinyRun(folder), '--out', join(folder, 'out')];
  const whole = await run(...words);
  expect(whole).toMatchObject({ code: 0 });
  const again = await run(...words, '--resume');
  expect(again.stderr).toContain('is finished');
  expect(onlyJson(again)).toEqual(onlyJson(whole));
  const other = await run(...words, '--resume', '--learning-rate', '0.5');
  expect(other).toMatchObject({ code: 2, stdout: '' });
  expect(other.stderr).toContain('learningRate (0.01 there, 0.5 here)');
});

test('a folder in which a run is going on is refused to another', { timeout }, async () => {
  const { words, out } = longRun();
  const running = start(words);
  await atStep(0, out, running);
  for (const more of [[], ['--resume']]) {
    const second = await run(...words, ...more);
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toMatch(`error: ${out} is in use by another run (process `);
    expect(second.stderr).toContain(` ${running.child.pid} `);
  }
  running.child.kill('SIGKILL');
  await running.ended;
  const resumed = await run(...words, '--resume', '--max-dev-examples', '2');
  expect(resumed.stderr).toContain('evaluation (');
});

describe.concurrent('a run that was stopped', { timeout }, () => {
  test.for<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('by %s finishes its checkpoint and can be resumed', async ([signal, code]) => {
    const { words, out } = longRun();
    const running = start(words);
    await atStep(0, out, running);
    await sleep(40);
    running.child.kill(signal);
    const ended = await running.ended;
    expect(ended).toMatchObject({ code, stdout: '' });
    const [, step] = /^error: interrupted after step (\d+) of 202/m.exec(ended.stderr) ?? [];
    expect(ended.stderr).toContain('--resume');
    expect(checkpoints(out)).toContain(`step-${step!.padStart(9, '0')}.checkpoint`);
    expect(checkpoints(out).every((name) => name.endsWith('.checkpoint'))).toBe(true);

    const other = await run(...words, '--resume', '--seed', '1');
    expect(other).toMatchObject({ code: 2, stdout: '' });
    expect(other.stderr).toContain('seed (0 there, 1 here)');
    const anew = await run(...words);
    expect(anew).toMatchObject({ code: 2, stdout: '' });
    expect(anew.stderr).toContain('--resume');

    const resumed = await run(...words, '--resume');
    expect(outcome(resumed, out)).toMatchObject({ result: { steps: STEPS } });
  });

  test('starts anew where there is no checkpoint yet', async () => {
    const folder = temporaryFolder();
    const ended = await run(...tinyRun(folder), '--out', join(folder, 'out'), '--resume');
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr).toContain('no complete checkpoint in');
  });

  test('without a folder says that nothing is saved', async () => {
    const running = start([...tinyRun(temporaryFolder()), '--epochs', '1000']);
    await said('step 1/', running);
    running.child.kill('SIGINT');
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 130, stdout: '' });
    expect(ended.stderr).toContain('nothing is saved');
  });
});

test('measuring ends at Ctrl-C, also where the backend computes on the main thread', async () => {
  const model = writeTinyModel(join(temporaryFolder(), 'model'));
  const running = start([
    ...['step', '--model', model, '--random-weights', '--backend', 'reference'],
    ...['--batch-size', '8', '--sequence', '16', '--steps', '1000000'],
  ]);
  await said('step 1/', running);
  running.child.kill('SIGINT');
  const ended = await running.ended;
  expect(ended).toMatchObject({ code: 130, stdout: '' });
  expect(ended.stderr).toMatch(/^error: interrupted$/m);
});

test('the demo says that it was interrupted, and after which step', { timeout }, async () => {
  const running = start(['demo', '--threads', '1']);
  await said('step 1/', running);
  running.child.kill('SIGINT');
  const ended = await running.ended;
  expect(ended).toMatchObject({ code: 130, stdout: '' });
  expect(ended.stderr).toMatch(/^error: interrupted after step \d+ of 63; nothing is saved/m);
});

describe.concurrent('a closed pipe', { timeout }, () => {
  test('at standard output ends a command quietly', async () => {
    const running = start(['plan', '--model', 'bert-base', '--backend', 'reference']);
    running.child.stdout!.destroy();
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 141, stderr: '' });
  });

  test('at standard output is noticed when the result is written', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    const running = start([...tinyRun(folder), '--out', out]);
    running.child.stdout!.destroy();
    const { code, stderr } = await running.ended;
    expect(code).toBe(141);
    expect(stderr).not.toContain('EPIPE');
    expect(existsSync(join(out, 'run.json'))).toBe(true);
  });

  test('at standard error ends a run with its checkpoint', async () => {
    const { words, out } = longRun();
    const running = start(words);
    running.child.stderr!.destroy();
    expect(await running.ended).toMatchObject({ code: 141, stdout: '' });
    expect(checkpoints(out).length).toBeGreaterThan(0);
    const resumed = await run(...words, '--resume');
    expect(outcome(resumed, out)).toMatchObject({ result: { steps: STEPS } });
  });
});

test('a disk that fills up during a run leaves the last good checkpoint', { timeout }, async ({
  skip,
}) => {
  const { words } = longRun();
  const disk = smallDisk();
  if (!disk) return skip('this process may not mount a file system');
  try {
    const out = join(disk.directory, 'out');
    const ended = await run(...words, ...EVERY_STEP, '--out', out);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^error: .*the disk is full/m);
    expect(ended.stderr).toContain('The last complete one is');
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    const left = checkpoints(out);
    expect(left.length).toBeGreaterThan(0);
    expect(left.every((name) => name.endsWith('.checkpoint'))).toBe(true);
    disk.grow();
    const resumed = await run(...words, '--out', out, '--resume');
    expect(resumed).toMatchObject({ code: 0 });
    expect(onlyJson(resumed)).toMatchObject({ steps: STEPS });
  } finally {
    disk.release();
  }
});
