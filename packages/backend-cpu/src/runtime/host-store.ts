/** Bytes of one block of the store, unless told otherwise. */
export const BLOCK_BYTES = 2 ** 26;

/** A pattern that no computation leaves behind: a signalling NaN with a payload of ours. */
const UNTOUCHED = 0x7fa5a5a5;

/**
 * Memory beside WebAssembly's, for what a plan moves out of the arena: blocks that all threads
 * share, shared by a backend's executables as the arena is. It grows to the largest plan; what is
 * there never moves. The system gives it memory where it is first written.
 */
export class HostStore {
  readonly #blocks: SharedArrayBuffer[] = [];

  /** @param blockBytes bytes of a block, a multiple of 64 */
  constructor(private readonly blockBytes: number) {}

  ensure(bytes: number): void {
    while (this.#blocks.length * this.blockBytes < bytes)
      this.#blocks.push(new SharedArrayBuffer(this.blockBytes));
  }

  /** The blocks that hold the first `bytes`. */
  blocks(bytes: number): readonly SharedArrayBuffer[] {
    return this.#blocks.slice(0, Math.ceil(bytes / this.blockBytes));
  }

  /** Fills the first `bytes` with a pattern to be found again. */
  mark(bytes: number): void {
    for (const words of this.#words(bytes)) words.fill(UNTOUCHED);
  }

  /** End of the highest word written since {@link mark}, in bytes from the store's start. */
  touchedBytes(bytes: number): number {
    const all = this.#words(bytes);
    for (let block = all.length - 1; block >= 0; block--) {
      const words = all[block]!;
      let end = words.length;
      while (end > 0 && words[end - 1] === UNTOUCHED) end--;
      if (end > 0) return block * this.blockBytes + end * Int32Array.BYTES_PER_ELEMENT;
    }
    return 0;
  }

  #words(bytes: number): Int32Array[] {
    return this.blocks(bytes).map((block, i) => {
      const length = Math.min(this.blockBytes, bytes - i * this.blockBytes);
      return new Int32Array(block, 0, length / Int32Array.BYTES_PER_ELEMENT);
    });
  }
}
