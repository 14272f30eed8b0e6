// Glosses of WordNet: what part of speech is a gloss of? Words are hashed to indices.
import { readWordNet } from '@sketchgrad/datasets/node';
import * as tf from '@tensorflow/tfjs-core';

export const WORDS = 512;
export const LENGTH = 16;

const PARTS = ['noun', 'verb', 'adj', 'adv'];

/** An index from 1 on; 0 is for no word. */
function indexOf(word) {
  let hash = 7;
  for (const letter of word) hash = (Math.imul(hash, 31) + letter.codePointAt(0)) >>> 0;
  return 1 + (hash % (WORDS - 1));
}

/** So many glosses: words [count, LENGTH] and the part of speech [count, 1]. */
export async function glosses(split, count) {
  const { rows, task } = await readWordNet({ split, maxExamples: count });
  const words = rows.map(({ first }) =>
    Array.from({ length: LENGTH }, (_, at) => {
      const word = first.toLowerCase().split(/\W+/)[at];
      return word ? indexOf(word) : 0;
    }),
  );
  const parts = rows.map(({ label }) => PARTS.indexOf(task.labels[label].split('.')[0]));
  return [tf.tensor2d(words, [rows.length, LENGTH], 'int32'), tf.tensor2d(parts, [rows.length, 1])];
}
