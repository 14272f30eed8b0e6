import type { TrainingData } from './model.js';

/** How many examples a fingerprint looks at, so that it costs nothing on large data either. */
const SAMPLES = 1024;

/** Tells data sets apart: how many examples there are, and a checksum of some of them. */
export function fingerprint(data: TrainingData): string {
  // FNV-1a, 32 bits.
  let hash = 0x811c9dc5;
  const count = Math.min(SAMPLES, data.length);
  for (let i = 0; i < count; i++) {
    const { tokenIds, tokenTypeIds, attentionMask, labels } = data.batch([
      Math.floor((i * data.length) / count),
    ]);
    for (const values of [tokenIds, tokenTypeIds, attentionMask, ...(labels ? [labels] : [])])
      for (const byte of new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
        hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return `${data.length} examples, ${(hash >>> 0).toString(16).padStart(8, '0')}`;
}
