import {
  type Allocation,
  elements,
  type Place,
  PlanError,
  type TensorType,
} from '@sketchgrad/core';
import type { Numbers } from '@sketchgrad/core/reference';

/** What lies where nothing is alive: as a float NaN, as a whole number more than any index. */
const POISON = 0x7fc5a5a5;

const WORD_BYTES = 4;

/** The device's memory for the tensors of steps: some buffers of one size, poisoned where nothing lives. */
export class Buffers {
  readonly #words: readonly Int32Array[];

  constructor(
    count: number,
    readonly bytes: number,
  ) {
    this.#words = Array.from({ length: count }, () =>
      new Int32Array(bytes / WORD_BYTES).fill(POISON),
    );
  }

  get count(): number {
    return this.#words.length;
  }

  /** The numbers of a tensor at a place. @throws PlanError for a place outside the buffers */
  numbers(type: TensorType, { buffer, offset }: Place): Numbers {
    const end = offset + elements(type) * WORD_BYTES;
    const words = this.#words[buffer];
    if (!words || end > this.bytes)
      throw new PlanError(
        `a tensor ends at byte ${end} of buffer ${buffer}; there are ${this.count} of ${this.bytes} bytes`,
        end,
        this.bytes,
      );
    const kind = type.dtype === 'i32' ? Int32Array : Float32Array;
    return new kind(words.buffer as ArrayBuffer, offset, elements(type));
  }

  /** What lies there is gone. */
  poison({ buffer, offset, bytes }: Allocation): void {
    this.#words[buffer]!.fill(POISON, offset / WORD_BYTES, (offset + bytes) / WORD_BYTES);
  }

  poisonAll(): void {
    for (const words of this.#words) words.fill(POISON);
  }
}
