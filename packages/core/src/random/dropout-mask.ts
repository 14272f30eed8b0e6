import { streamBlock } from './random-block.js';
import type { KeyData } from './random-words.js';

/**
 * Dropout's factor for element e: 0, or 1/(1 − rate). The element's 16 bits are the (e mod 4)-th
 * half word of Threefry block ⌊e/4⌋ of the stream.
 *
 * @param key (seed, step), i32 [2]
 * @param threshold an element whose bits are below this is dropped
 */
export function dropoutFactor(key: KeyData, stream: number, threshold: number) {
  const { 0: seed, 1: step } = key.data;
  const scale = 65536 / (65536 - threshold);
  let drawn = -1;
  let words: [number, number] = [0, 0];
  return (element: number): number => {
    if (threshold === 0) return 1;
    const block = Math.floor(element / 4);
    if (block !== drawn) {
      words = streamBlock(seed!, step!, stream, block);
      drawn = block;
    }
    const slot = element % 4;
    const word = words[slot >> 1]!;
    const bits = slot % 2 === 0 ? word & 0xffff : word >>> 16;
    return bits < threshold ? 0 : scale;
  };
}
