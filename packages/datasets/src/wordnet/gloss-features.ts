import type { NodeFeatures } from '../graphs/dataset.js';
import { placeOf } from './place.js';

/**
 * Texts as bags of words with TF-IDF weights, hashed into columns: a word with a place (its hash) h
 * adds its weight, signed by h's lowest bit, to the column that the other bits say. Signs make what
 * words that share a column do to inner products zero on average (Weinberger et al., "Feature hashing
 * for large scale multitask learning", ICML 2009). A word's weight is (1 + ln count) · ln((1 + texts) /
 * (1 + texts with the word)); rows have length 1, or 0 where a text has no words.
 *
 * @param columns how many features
 */
export function glossFeatures(texts: readonly string[], columns: number): NodeFeatures {
  const bags = texts.map(wordCounts);
  const frequencies = new Map<string, number>();
  for (const bag of bags) {
    for (const word of bag.keys()) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
  }
  const weights = new Map<string, { column: number; signed: number }>();
  for (const [word, frequency] of frequencies) {
    const place = placeOf(word);
    const rarity = Math.log((1 + texts.length) / (1 + frequency));
    weights.set(word, {
      column: (place >>> 1) % columns,
      signed: place & 1 ? rarity : -rarity,
    });
  }
  const data = new Float32Array(texts.length * columns);
  for (const [row, bag] of bags.entries()) {
    const features = data.subarray(row * columns, (row + 1) * columns);
    for (const [word, count] of bag) {
      const { column, signed } = weights.get(word)!;
      features[column]! += (1 + Math.log(count)) * signed;
    }
    normalise(features);
  }
  return { rows: texts.length, columns, data };
}

function normalise(row: Float32Array): void {
  let squares = 0;
  for (let column = 0; column < row.length; column++) squares += row[column]! ** 2;
  if (squares === 0) return;
  const length = Math.sqrt(squares);
  for (let column = 0; column < row.length; column++) row[column]! /= length;
}

function wordCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
