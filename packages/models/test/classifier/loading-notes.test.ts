import { describe, expect, it } from 'vitest';
import type { FloatTensor } from '../../src/index.js';
import { loadClassifier } from '../../src/node/index.js';
import { changedModel, remove, rename, type Tensors } from './changed-model.js';

/** What loading a changed model says, with FILE for its weights. */
async function notesOf(
  change: (tensors: Tensors) => void,
  options: Parameters<typeof loadClassifier>[1] = {},
): Promise<string[]> {
  const folder = await changedModel(change);
  const notes: string[] = [];
  await loadClassifier(folder, { ...options, onWarning: (note) => void notes.push(note) });
  return notes.map((note) => note.replaceAll(`${folder}/model.safetensors`, 'FILE'));
}

const add = (tensors: Tensors, ...names: string[]) => {
  for (const name of names) tensors.set(name, { name, shape: [1], data: Float32Array.of(1) });
};

describe('what is said of a checkpoint that is loaded', () => {
  it.each<[string, (tensors: Tensors) => void, readonly string[]]>([
    ['nothing where all of it is used', () => {}, []],
    [
      'layers that are drawn',
      (t) => remove(t, /^classifier|pooler/),
      ['FILE has no bert.pooler.dense and no classifier: drawn at random'],
    ],
    [
      'tensors that nobody uses',
      (t) => add(t, 'cls.predictions.bias', 'qa_outputs.weight'),
      ['FILE has 2 tensors that nothing uses: cls.predictions.bias and qa_outputs.weight'],
    ],
    [
      'how many they are where they are many',
      (t) => add(t, ...'abcdefgh'),
      ['FILE has 8 tensors that nothing uses: a, b, c, d, e, f and 2 more'],
    ],
    [
      'a head under a prefix that the others lack, which is both',
      (t) => rename(t, (name) => (name.startsWith('classifier') ? `module.${name}` : name)),
      [
        'FILE has no classifier: drawn at random',
        'FILE has 2 tensors that nothing uses: module.classifier.bias and module.classifier.weight',
      ],
    ],
    [
      'old and bare names beside the usual ones',
      (t) => add(t, 'embeddings.LayerNorm.gamma'),
      ['FILE has 1 tensor that nothing uses: embeddings.LayerNorm.gamma'],
    ],
    [
      'F64, which is rounded',
      (t) => {
        for (const name of ['classifier.bias', 'bert.pooler.dense.bias']) {
          const { shape, data } = t.get(name) as FloatTensor;
          const bytes = new Uint8Array(Float64Array.from(data as Float32Array).buffer);
          t.set(name, { name, shape, dtype: 'F64', bytes });
        }
      },
      ['FILE has 2 tensors in F64: rounded to f32'],
    ],
    [
      'nothing of tables of positions',
      (t) => {
        const name = 'bert.embeddings.position_ids';
        t.set(name, { name, shape: [1, 2], dtype: 'I64', bytes: new Uint8Array(16) });
      },
      [],
    ],
  ])('%s', async (_, change, expected) => {
    expect(await notesOf(change)).toEqual(expected);
  });

  it('a head that is drawn as was asked', async () => {
    expect(await notesOf(() => {}, { newHead: true })).toEqual([
      'classifier: drawn at random though FILE has it, for a new head is asked for',
    ]);
  });

  it('nothing where all weights are drawn as was asked', async () => {
    const notes = await notesOf((t) => remove(t, /^classifier/), { randomWeights: true });
    expect(notes).toEqual([]);
  });
});
