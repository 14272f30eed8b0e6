import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import { fineTune, type TrainingProgress, trainNodes } from '../src/index.js';
import { CheckpointFolder, openCheckpoint } from '../src/node/index.js';
import { contents, progressAt, tensor, tensorsAt } from './checkpoint-contents.js';
import { neighbourModel, ring } from './nodes/ring.js';
import { ranking } from './ranking-estimator.js';
import { base, model } from './small-run.js';
import { temporaryDirectory } from './temporary-directory.js';

type Change = (held: Awaited<ReturnType<typeof contents>>) => void;

/** Saves the latest checkpoint of a directory again, changed, with the right checksums of that. */
async function rewrite(directory: string, change: Change): Promise<void> {
  const store = new CheckpointFolder(directory);
  const found = await store.openLatest(() => undefined);
  const shapes = new Map(found!.tensors.map(({ name, shape }) => [name, [...shape]]));
  const held = structuredClone(await contents(found!));
  change(held);
  const tensors = Object.entries(held.tensors).map(([name, data]) =>
    tensor(name, data, shapes.get(name)),
  );
  await store.save(held.progress, tensors);
}

const progressed =
  (change: Partial<TrainingProgress>): Change =>
  (held) =>
    Object.assign(held.progress, change);

describe('a checkpoint with right checksums of what no run has left', () => {
  it.each<[string, Change, string]>([
    ['place', progressed({ position: 2 }), 'update 2 of epoch 3 is not where a step ends'],
    ['epoch', progressed({ epoch: 4 }), 'update 0 of epoch 4 is not where a step ends'],
    ['step', progressed({ epoch: 2 }), 'step 9 does not end there, but step 6'],
    ['count of losses', progressed({ losses: [1] }), 'it has 1 losses of 3 epochs'],
    ['count of evaluations', progressed({ evaluations: [] }), 'it has 0 evaluations, and 3 were'],
    [
      'score',
      ({ progress }) =>
        delete (progress.evaluations[1]!.metrics as Record<string, number>).matthews,
      'its evaluation 2 has not the scores accuracy, matthews',
    ],
    ['passes', progressed({ passes: 8 }), 'it has made 8 passes in 9 steps'],
    [
      'sums',
      progressed({ partial: { loss: 1, examples: 4 } }),
      'losses of an epoch that has not begun',
    ],
    ['weight', ({ tensors }) => tensors.embedding!.fill(Number.NaN), "has NaN in 'embedding'"],
    [
      'average',
      ({ tensors }) => tensors['rowNorms.byPosition.hidden']!.fill(Infinity),
      "averages that are not finite for 'hidden'",
    ],
    [
      'norm',
      ({ tensors }) => tensors['rowNorms.byExample.tokens.hidden']!.fill(0x7f807f80),
      "not a norm for each token for 'hidden'",
    ],
    [
      'place of a token',
      ({ tensors }) => tensors['rowNorms.starts.tokens']!.fill(2 ** 30),
      'places of tokens that it has no norms for',
    ],
  ])('is refused for its %s', async (_, change, message) => {
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    const options = { ...base(), estimator: ranking, checkpoint };
    await fineTune(model, options);
    await rewrite(checkpoint.store.directory, change);
    const resumed = fineTune(model, { ...options, resume: true });
    await expect(resumed).rejects.toThrow(message);
    await expect(resumed).rejects.toBeInstanceOf(DataError);
  });

  it.each<[string, Partial<TrainingProgress>, string]>([
    ['place', { position: 1 }, 'update 1 of epoch 4 is not where a step ends'],
    ['losses', { losses: [] }, 'it has 0 losses of 4 epochs'],
    ['step', { epoch: 3, losses: [1, 1, 1] }, 'step 4 does not end there, but step 3'],
    ['evaluations', { evaluations: [] }, 'it has 0 evaluations, and 4 were made'],
  ])('is refused to a run on a graph for its %s', async (_, change, message) => {
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    const options = { backend: createReferenceBackend(), data: ring(), epochs: 4, checkpoint };
    await trainNodes(neighbourModel, options);
    await rewrite(checkpoint.store.directory, progressed(change));
    const resumed = trainNodes(neighbourModel, { ...options, resume: true });
    await expect(resumed).rejects.toThrow(message);
    await expect(resumed).rejects.toBeInstanceOf(DataError);
  });

  it('is passed over where its name is of another step', async () => {
    const store = new CheckpointFolder(await temporaryDirectory());
    await store.save(progressAt(1), tensorsAt(1));
    const later = await store.save(progressAt(2), tensorsAt(2));
    await rename(later, join(store.directory, 'step-000000005.checkpoint'));
    const messages: string[] = [];
    const found = await contents((await store.openLatest((text) => messages.push(text)))!);
    expect(found.progress.step).toBe(1);
    expect(messages[0]).toMatch(/is of step 2, and named for step 5; going back to .* step 1$/);
  });
});

describe('a header with the right checksum', () => {
  const nested = `${'['.repeat(5000)}${']'.repeat(5000)}`;

  it.each<[string, (header: string) => string | Buffer, string]>([
    ['that is no JSON', () => '{', 'its header is not JSON in UTF-8'],
    ['that is no UTF-8', () => Buffer.of(0x22, 0xff, 0x22), 'its header is not JSON in UTF-8'],
    ['that is null', () => 'null', 'its header is null'],
    [
      'with sizes whose product is no number',
      (header) => header.replace('[2,3]', '[1e308,1e308,0]'),
      "tensor 'weight' cannot have the shape [1e+308, 1e+308, 0]",
    ],
    [
      'with a tensor without a name',
      (header) => header.replace('"name":"weight"', '"name":5'),
      'tensor 0 has 5 as its name',
    ],
    [
      'with a tensor that is null',
      (header) => header.replace(/\{"name":"weight"[^}]*\}/, 'null'),
      'tensor 0 has undefined as its name',
    ],
    [
      'with settings nested without end',
      (header) => header.replace('"clipNorm":null', `"clipNorm":${nested}`),
      "as its 'configuration'",
    ],
  ])('is refused %s', async (_, change, message) => {
    const store = new CheckpointFolder(await temporaryDirectory());
    const file = await store.save(progressAt(1), tensorsAt(1));
    const good = await readFile(file);
    const end = 12 + good.readUInt32LE(8);
    const header = Buffer.from(change(good.toString('utf8', 12, end)));
    const start = Buffer.concat([good.subarray(0, 12), header]);
    start.writeUInt32LE(header.length, 8);
    const digest = createHash('sha256').update(start).digest();
    await writeFile(file, Buffer.concat([start, digest, good.subarray(end + digest.length)]));
    const opened = openCheckpoint(file);
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toBeInstanceOf(DataError);
  });
});
