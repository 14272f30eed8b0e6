import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FloatTensor, RawTensor } from '../../src/index.js';
import { openSafetensors, writeSafetensors } from '../../src/node/index.js';
import { temporaryFolder } from '../temporary-folder.js';
import { fixtureFolder, type TransformersFixture } from './transformers-fixture.js';

export type Tensors = Map<string, FloatTensor | RawTensor>;

/** A copy of a fixture's model with other tensors and fields, in a folder of its own. */
export async function changedModel(
  change: (tensors: Tensors) => void,
  {
    fixture = 'bert-classification',
    config = {},
  }: { fixture?: TransformersFixture; config?: Readonly<Record<string, unknown>> } = {},
): Promise<string> {
  const source = fixtureFolder(fixture);
  const folder = join(temporaryFolder(), 'model');
  mkdirSync(folder);
  const stored = JSON.parse(readFileSync(join(source, 'config.json'), 'utf8'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...stored, ...config }));
  const store = await openSafetensors(join(source, 'model.safetensors'));
  const tensors: Tensors = new Map();
  for (const name of store.names)
    tensors.set(name, { name, shape: store.info(name).shape, data: await store.readFloat32(name) });
  await store.close();
  change(tensors);
  await writeSafetensors(join(folder, 'model.safetensors'), tensors.values());
  return folder;
}

/** Gives tensors other names. */
export const rename = (tensors: Tensors, spell: (name: string) => string): void => {
  for (const [name, tensor] of [...tensors]) {
    tensors.delete(name);
    tensors.set(spell(name), { ...tensor, name: spell(name) });
  }
};

export const remove = (tensors: Tensors, pattern: RegExp): void => {
  for (const name of [...tensors.keys()]) if (pattern.test(name)) tensors.delete(name);
};
