import { streamBlock } from '@sketchgrad/core/backend';

/** Elements to a Threefry block, 16 bits each. */
const PER_BLOCK = 4;

/** Whose bits dropout takes. */
export interface DropoutBits {
  /** (seed, step) */
  readonly key: ArrayLike<number>;
  readonly stream: number;
  /** An element whose bits are below this is dropped. */
  readonly threshold: number;
}

/** Writes dropout's factors, 0 or 1/(1 − rate), of the elements from `first` on to a part of an array. */
export function writeDropoutFactors(
  into: Float32Array,
  [from, to]: readonly [from: number, to: number],
  first: number,
  { key, stream, threshold }: DropoutBits,
): void {
  const { 0: seed, 1: step } = key;
  const kept = 65536 / (65536 - threshold);
  let [low, high] = [0, 0];
  for (let at = from, element = first; at < to; at++, element++) {
    const slot = element % PER_BLOCK;
    if (slot === 0 || at === from)
      [low, high] = streamBlock(seed!, step!, stream, Math.floor(element / PER_BLOCK));
    const word = slot < 2 ? low : high;
    const bits = slot % 2 === 0 ? word & 0xffff : word >>> 16;
    into[at] = bits < threshold ? 0 : kept;
  }
}
