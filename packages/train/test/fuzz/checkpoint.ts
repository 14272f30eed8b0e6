import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TensorData } from '@sketchgrad/core';
import type { Files, FuzzReader } from '@sketchgrad/testing/fuzz';
import { CheckpointError, type TrainingProgress } from '../../src/index.js';
import { CheckpointFolder } from '../../src/node/index.js';
import { progressAt, tensorsAt } from '../checkpoint-contents.js';
import { checkpointPacking, contentsOf, tokens } from './checkpoint-bytes.js';

/** A directory's checkpoints, after these steps. */
async function stored(steps: readonly number[]): Promise<Files> {
  const directory = await mkdtemp(join(tmpdir(), 'sketchgrad-checkpoints-'));
  try {
    const store = new CheckpointFolder(directory, { keep: steps.length });
    for (const step of steps) await store.save({ ...progressAt(2), step }, tensorsAt(step));
    return await filesIn(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The files of a directory. */
export async function filesIn(directory: string): Promise<Files> {
  const names = await readdir(directory);
  const read = names.map(async (name) => [name, await readFile(join(directory, name))] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** The step that a checkpoint's name tells. */
const stepOf = (name: string): number => Number(/\d+/.exec(name)?.[0]);

/** The files of a directory, the latest step first. */
export const latestFirst = (files: Files): string[] =>
  Object.keys(files).sort((a, b) => stepOf(b) - stepOf(a));

/** Which of them nobody has damaged. */
export const undamaged = (files: Files, samples: readonly Files[]): string[] =>
  latestFirst(files).filter((name) =>
    samples.some((sample) => sample[name] && Buffer.from(sample[name]).equals(files[name]!)),
  );

interface Answer {
  readonly file: string;
  readonly warnings: readonly string[];
  readonly progress: TrainingProgress;
  readonly tensors: readonly (readonly [name: string, data: TensorData])[];
}

let whole: Promise<Files[]> | undefined;
const samples = () => (whole ??= Promise.all([stored([3]), stored([2, 3, 1_000_000_000])]));

/** The latest checkpoint of a directory that is whole, of one alone and of several. */
export const checkpoint: FuzzReader<Answer> = {
  name: 'checkpoint',
  samples,
  packings: [checkpointPacking],
  tokens,
  errors: [CheckpointError],
  async read({ folder, files }) {
    const warnings: string[] = [];
    const store = new CheckpointFolder(folder);
    const found = await store
      .openLatest((message) => warnings.push(message))
      .catch(async (error: Error) => {
        const whole = undamaged(files, await samples());
        assert.deepEqual(whole, [], `refused beside whole ones: ${error.message}`);
        throw error;
      });
    assert.ok(found);
    try {
      const tensors = [];
      for (const { name } of found.tensors) tensors.push([name, await found.read(name)] as const);
      return { file: basename(found.file), warnings, progress: found.progress, tensors };
    } finally {
      await found.close();
    }
  },
  async check({ file, warnings, progress, tensors }, { files }) {
    const names = latestFirst(files);
    const passed = names.slice(0, names.indexOf(file));
    assert.equal(warnings.length, passed.length);
    for (const [index, name] of passed.entries()) assert.ok(warnings[index]!.includes(name));
    for (const warning of warnings) assert.ok(warning.length < 3000, warning.slice(0, 200));
    const whole = undamaged(files, await samples());
    assert.deepEqual(
      passed.filter((name) => whole.includes(name)),
      [],
    );
    const found = contentsOf(files[file]!);
    assert.ok(found, `${file} is not whole`);
    assert.equal(progress.step, stepOf(file));
    assert.deepEqual(progress, found.header.progress);
    assert.deepEqual(
      tensors.map(([name, data]) => [name, Buffer.from(data.buffer)]),
      found.header.tensors.map(({ name }, index) => [name, Buffer.from(found.tensors[index]!)]),
    );
  },
};
