import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { EncoderClassifier } from '../../src/index.js';
import { loadClassifier, openSafetensors, saveClassifier } from '../../src/node/index.js';
import { tokenizerAt } from '../../src/node/model-folder.js';
import { temporaryFolder } from '../temporary-folder.js';
import { readAll, startingState } from './memory-state.js';
import { fixtureFolder, TRANSFORMERS_FIXTURES } from './transformers-fixture.js';

const { config } = await loadClassifier(fixtureFolder('bert-classification'));
const random = (tokenizer?: string) =>
  new EncoderClassifier(config, {
    name: 'random',
    ...(tokenizer ? { tokenizer: tokenizerAt(tokenizer) } : {}),
  });

describe('a saved model', () => {
  it.each(TRANSFORMERS_FIXTURES)('loads again as it was: %s', async (name) => {
    const model = await loadClassifier(fixtureFolder(name));
    const state = await startingState(model);
    const folder = join(temporaryFolder(), 'new', 'model');
    await saveClassifier(model, folder, state);
    const again = await loadClassifier(folder);
    expect(again.config).toEqual(model.config);
    expect(await readAll(await startingState(again))).toEqual(await readAll(state));
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.safetensors']);
    expect(readdirSync(join(folder, '..'))).toEqual(['model']);
  });

  it('names its tokenizer as it did, on which its tokens depend', async () => {
    const source = fixtureFolder('bert-classification');
    const folder = temporaryFolder();
    const written = JSON.parse(readFileSync(join(source, 'config.json'), 'utf8'));
    const named = { ...written, tokenizer_class: 'PreTrainedTokenizerFast' };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(named));
    copyFileSync(join(source, 'model.safetensors'), join(folder, 'model.safetensors'));
    const model = await loadClassifier(folder);
    const saved = join(folder, 'saved');
    await saveClassifier(model, saved, await startingState(model));
    const again = JSON.parse(readFileSync(join(saved, 'config.json'), 'utf8'));
    expect(again.tokenizer_class).toBe('PreTrainedTokenizerFast');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...written, tokenizer_class: 5 }));
    await expect(loadClassifier(folder)).rejects.toThrow(/config\.json: "tokenizer_class" is 5/);
  });

  it.each(TRANSFORMERS_FIXTURES)('has the bytes that transformers wrote: %s', async (name) => {
    const source = fixtureFolder(name);
    const model = await loadClassifier(source);
    const folder = join(temporaryFolder(), 'model');
    await saveClassifier(model, folder, await startingState(model));
    const [theirs, ours] = await Promise.all([
      openSafetensors(join(source, 'model.safetensors')),
      openSafetensors(join(folder, 'model.safetensors')),
    ]);
    expect([...ours.names].sort()).toEqual([...theirs.names].sort());
    for (const tensor of theirs.names)
      expect(
        Buffer.compare(await ours.readBytes(tensor), await theirs.readBytes(tensor)),
        tensor,
      ).toBe(0);
    expect(ours.metadata).toEqual({ format: 'pt' });
    await Promise.all([ours.close(), theirs.close()]);
  });

  it('is written within a folder that exists, which may be a file system of its own', async () => {
    const state = await startingState(random());
    const root = temporaryFolder();
    const folder = join(root, 'model');
    mkdirSync(folder);
    writeFileSync(join(folder, 'mine.txt'), '');
    const beside: string[][] = [];
    const watched = {
      ...state,
      read: (name: string) => {
        beside.push(readdirSync(root));
        return state.read(name);
      },
    };
    await saveClassifier(random(), folder, watched);
    expect(beside.length).toBeGreaterThan(0);
    expect(beside.every((names) => names.join() === 'model')).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'mine.txt', 'model.safetensors']);
  });

  it('is refused a place that cannot be, at once and by name', async () => {
    const state = await startingState(random());
    const root = temporaryFolder();
    const file = join(root, 'file');
    writeFileSync(file, '');
    const places: [string, RegExp][] = [
      [file, /it is a file, not a folder/],
      [join(file, 'below', 'it'), /part of its path is not a directory/],
      ...(process.platform === 'linux'
        ? ([['/proc/sketchgrad/model', /there is no such file or directory/]] as [string, RegExp][])
        : []),
    ];
    for (const [place, reason] of places) {
      const saving = saveClassifier(random(), place, state);
      await expect(saving).rejects.toThrow(UsageError);
      await expect(saving).rejects.toThrow(`the model cannot be saved to ${place}: `);
      await expect(saving).rejects.toThrow(reason);
    }
    expect(readdirSync(root)).toEqual(['file']);
  });

  it('carries its labels and its tokenizer', async () => {
    const tokenizer = temporaryFolder();
    for (const name of ['tokenizer.json', 'vocab.txt', 'README.md'])
      writeFileSync(join(tokenizer, name), name);
    mkdirSync(join(tokenizer, 'checkpoints'));
    const model = new EncoderClassifier(
      { ...config, labels: ['praise', 'complaint', 'question'] },
      { name: 'random', tokenizer: tokenizerAt(tokenizer) },
    );
    const folder = join(temporaryFolder(), 'model');
    await saveClassifier(model, folder, await startingState(model));
    expect(readdirSync(folder).sort()).toEqual([
      'config.json',
      'model.safetensors',
      'tokenizer.json',
      'vocab.txt',
    ]);
    const again = await loadClassifier(folder);
    expect(again.labels).toEqual(['praise', 'complaint', 'question']);
    expect(again.tokenizerPath).toBe(folder);
  });

  it('takes a tokenizer that is one file', async () => {
    const file = join(temporaryFolder(), 'some-tokenizer.json');
    writeFileSync(file, '{}');
    const model = random(file);
    const folder = join(temporaryFolder(), 'model');
    await saveClassifier(model, folder, await startingState(model));
    expect(readFileSync(join(folder, 'tokenizer.json'), 'utf8')).toBe('{}');
  });

  it('replaces an older one and leaves other files alone', async () => {
    const model = random();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await saveClassifier(model, folder, await startingState(model, 1));
    const state = await startingState(model, 2);
    await saveClassifier(model, folder, state);
    expect(await readAll(await startingState(await loadClassifier(folder)))).toEqual(
      await readAll(state),
    );
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
    expect(readdirSync(folder)).toHaveLength(3);
  });
});

describe('saving that fails leaves nothing behind', () => {
  it('where the state is of another model', async () => {
    const parent = temporaryFolder();
    const other = new EncoderClassifier({ ...config, layers: 1 }, { name: 'other' });
    const saving = saveClassifier(random(), join(parent, 'model'), await startingState(other));
    await expect(saving).rejects.toThrow(UsageError);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('where the tokenizer is gone', async () => {
    const parent = temporaryFolder();
    const model = random(join(parent, 'gone', 'tokenizer.json'));
    await expect(
      saveClassifier(model, join(parent, 'model'), await startingState(model)),
    ).rejects.toThrow(/gone.tokenizer\.json: is no longer there/);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('where the path is a file', async () => {
    const parent = temporaryFolder();
    const path = join(parent, 'file');
    writeFileSync(path, 'mine');
    const model = random();
    await expect(saveClassifier(model, path, await startingState(model))).rejects.toThrow(
      UsageError,
    );
    expect(readdirSync(parent)).toEqual(['file']);
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });
});
