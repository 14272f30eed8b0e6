import { checksum } from '../source/checksum.js';
import type { TrainingData } from './model.js';

/** How many examples a fingerprint looks at, so that it costs nothing on large data either. */
const SAMPLES = 1024;

/** Tells data sets apart: how many examples there are, and a checksum of some of them. */
export const fingerprint = (data: TrainingData): string =>
  `${data.length} examples, ${checksum(samples(data))}`;

function* samples(data: TrainingData): Iterable<ArrayBufferView> {
  const count = Math.min(SAMPLES, data.length);
  for (let i = 0; i < count; i++) {
    const { tokenIds, tokenTypeIds, attentionMask, labels } = data.batch([
      Math.floor((i * data.length) / count),
    ]);
    yield* [tokenIds, tokenTypeIds, attentionMask, ...(labels ? [labels] : [])];
  }
}
