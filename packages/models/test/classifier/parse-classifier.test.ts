import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import {
  type ByteSource,
  type Bytes,
  type ClassifierFiles,
  type FloatTensor,
  formatSafetensors,
  type ModelFile,
  parseClassifier,
  readSafetensors,
} from '../../src/index.js';
import { loadClassifier } from '../../src/node/index.js';
import { byteSource } from '../../src/safetensors/byte-source.js';
import { readAll, startingState } from './memory-state.js';
import { fixtureFolder, TRANSFORMERS_FIXTURES } from './transformers-fixture.js';

const folder = fixtureFolder('bert-classification');
const config = await readFile(join(folder, 'config.json'));
const weights = new Uint8Array(await readFile(join(folder, 'model.safetensors')));

async function bytesOf({ size, chunks }: Pick<ModelFile, 'size' | 'chunks'>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks()) parts.push(chunk.slice());
  const all = new Uint8Array(Buffer.concat(parts));
  expect(all.byteLength).toBe(size);
  return all;
}

/** A source that says which of its bytes were asked for. */
function watched(): { source: ByteSource; ranges: [number, number][]; closed: () => boolean } {
  const ranges: [number, number][] = [];
  let closed = false;
  const source: ByteSource = {
    name: 'afar',
    size: weights.byteLength,
    async read(offset, target) {
      ranges.push([offset, target.byteLength]);
      target.set(weights.subarray(offset, offset + target.byteLength));
    },
    async close() {
      closed = true;
    },
  };
  return { source, ranges, closed: () => closed };
}

/** The fixture's tensors in two files. */
async function inParts(): Promise<Uint8Array[]> {
  const store = await readSafetensors(byteSource('weights', weights, 'all'));
  const tensors: FloatTensor[] = [];
  for (const name of store.names)
    tensors.push({ name, shape: store.info(name).shape, data: await store.readFloat32(name) });
  const halves = [tensors.slice(0, 10), tensors.slice(10)];
  return Promise.all(halves.map((half) => bytesOf(formatSafetensors('half', half))));
}

describe('a classifier of bytes', () => {
  it.each<[string, () => Promise<Bytes | Bytes[]>]>([
    ['bytes', async () => weights],
    ['bytes within others', async () => new Uint8Array([7, ...weights]).subarray(1)],
    ['an ArrayBuffer', async () => weights.slice().buffer],
    ['a Blob', async () => new Blob([weights])],
    ['a source of ranges', async () => watched().source],
    ['several files', inParts],
  ])('has the weights of the folder: %s', async (_, given) => {
    const model = await parseClassifier({ config, weights: await given() });
    const ofFolder = await loadClassifier(folder);
    expect(model.config).toEqual(ofFolder.config);
    expect(await readAll(await startingState(model))).toEqual(
      await readAll(await startingState(ofFolder)),
    );
  });

  it('reads of a source what it needs, when it needs it, and leaves it open', async () => {
    const { source, ranges, closed } = watched();
    const model = await parseClassifier({ config: config.toString(), weights: source });
    const read = () => ranges.reduce((sum, [, bytes]) => sum + bytes, 0);
    expect(read()).toBeLessThan(weights.byteLength / 5);
    await startingState(model);
    await startingState(model);
    expect(read()).toBeGreaterThan(1.6 * weights.byteLength);
    expect(closed()).toBe(false);
  });

  it('takes options as that of a folder does', async () => {
    const notes: string[] = [];
    const options = { labels: ['a', 'b'], newHead: true, onWarning: (n: string) => notes.push(n) };
    const model = await parseClassifier({ config, weights }, options);
    expect(model.labels).toEqual(['a', 'b']);
    expect(notes).toEqual([
      'classifier: drawn at random though model.safetensors has it, for a new head is asked for',
    ]);
    const drawn = await parseClassifier({ config }, { randomWeights: true });
    expect(await readAll(await startingState(drawn))).toEqual(
      await readAll(await startingState(await loadClassifier(folder, { randomWeights: true }))),
    );
  });

  it.each<[string, Partial<Record<keyof ClassifierFiles, unknown>>, RegExp]>([
    ['no weights', { config }, /no weights among the files.*randomWeights: true/],
    ['a config that is none', { config: 7, weights }, /config must be text or bytes, but it is 7/],
    [
      'weights that are none',
      { config, weights: 'w' },
      /weights must be bytes, a Blob, or a source/,
    ],
    ['one of several', { config, weights: [weights, 7] }, /weights\[1\] must be bytes, a Blob/],
    [
      'a file that no tokenizer has',
      { config, weights, tokenizer: { '../x': '' } },
      /'\.\.\/x' is no file of a tokenizer; accepted: tokenizer\.json, /,
    ],
    [
      'a tokenizer that is a path',
      { config, weights, tokenizer: { 'tokenizer.json': 3 } },
      /tokenizer\.json must be text or bytes, but it is 3/,
    ],
  ])('refuses %s', async (_, files, message) => {
    const parsing = parseClassifier(files as ClassifierFiles);
    await expect(parsing).rejects.toThrow(UsageError);
    await expect(parsing).rejects.toThrow(message);
  });

  it('says what is wrong with the content of a file', async () => {
    const cut = parseClassifier({ config, weights: weights.subarray(0, 5000) });
    await expect(cut).rejects.toThrow(DataError);
    await expect(cut).rejects.toThrow(/^model\.safetensors: /);
    const other = parseClassifier({ config: '{"model_type":"gpt2"}', weights });
    await expect(other).rejects.toThrow(/^config\.json: "model_type" is "gpt2"; accepted: "bert"/);
    const [half] = await inParts();
    const twice = parseClassifier({ config, weights: [half!, half!] });
    await expect(twice).rejects.toThrow(
      /tensor '[^']+' is: it is in weights\[0\] and in weights\[1\]/,
    );
  });
});

describe('the files of a model', () => {
  it.each(TRANSFORMERS_FIXTURES)('make the same model again: %s', async (name) => {
    const model = await loadClassifier(fixtureFolder(name));
    const state = await startingState(model);
    const files = await model.files(state);
    expect(files.map((file) => file.name)).toEqual(['model.safetensors', 'config.json']);
    const [saved, described] = await Promise.all(files.map(bytesOf));
    const again = await parseClassifier({ config: described!, weights: saved! });
    expect(again.config).toEqual(model.config);
    expect(await readAll(await startingState(again))).toEqual(await readAll(state));
  });

  it('have the tokenizer that the model was made with', async () => {
    const tokenizer = {
      ...{ 'tokenizer.json': '{}', 'vocab.txt': new TextEncoder().encode('a') },
      'sentencepiece.bpe.model': new Uint8Array(1),
    };
    const model = await parseClassifier({ config, weights, tokenizer });
    const files = await model.files(await startingState(model));
    expect(files.map((file) => file.name).slice(2)).toEqual(Object.keys(tokenizer));
    expect(new TextDecoder().decode(await bytesOf(files[2]!))).toBe('{}');
    const texts = await model.tokenizerFiles();
    expect(Object.keys(texts)).toEqual(['tokenizer.json', 'vocab.txt', 'config.json']);
    expect(JSON.parse(Buffer.from(texts['config.json']!).toString()).model_type).toBe('bert');
    expect(() => model.tokenizerPath).toThrow(
      "the tokenizer of 'the files given' lies in no folder: tokenizerFiles() gives its files",
    );
  });
});
