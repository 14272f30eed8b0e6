import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { modelFiles } from '../../src/node/index.js';

const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];

it('lists every file of weights that are in several, with their index', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sketchgrad-model-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const weight_map = { b: SHARDS[1], a: SHARDS[0], c: SHARDS[0] };
  const index = 'model.safetensors.index.json';
  await writeFile(join(folder, 'config.json'), '{"model_type":"bert"}');
  await writeFile(join(folder, index), JSON.stringify({ weight_map }));
  for (const name of SHARDS) await writeFile(join(folder, name), '');
  const { config, weights } = await modelFiles(folder);
  expect(config).toEqual([join(folder, 'config.json')]);
  expect([...weights].sort()).toEqual([...SHARDS, index].map((name) => join(folder, name)).sort());
});
