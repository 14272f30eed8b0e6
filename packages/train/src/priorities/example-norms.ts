/** The upper half of an f32's bits that no norm has: a NaN. */
const UNSEEN = 0xffff;

/** The upper half of infinity's bits; what is below is finite and not negative. */
const INFINITE = 0x7f80;

const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

/**
 * ‖y_i‖² of one layer for every token of every example, as last seen. Held in 16 bits each
 * (bfloat16, cut off: 0.8 % at most), for a data set's tokens are many; only their order matters.
 */
export class ExampleNorms {
  #codes = new Uint16Array(0);

  /** @param at the token's place among all tokens */
  get(at: number): number | undefined {
    const code = this.#codes[at] ?? UNSEEN;
    if (code === UNSEEN) return undefined;
    bits[0] = code << 16;
    return word[0]!;
  }

  set(at: number, norm: number): void {
    if (at >= this.#codes.length) this.#grow(at + 1);
    word[0] = norm;
    this.#codes[at] = bits[0]! >>> 16;
  }

  #grow(least: number): void {
    const before = this.#codes;
    this.#codes = new Uint16Array(Math.max(1024, least, 2 * before.length)).fill(UNSEEN);
    this.#codes.set(before);
  }

  /**
   * All that it knows, two tokens a word, for a checkpoint: i32 [tokens / 2].
   * @param tokens how many places are in use; even
   */
  packed(tokens: number): Int32Array {
    if (tokens > this.#codes.length) this.#grow(tokens);
    return new Int32Array(this.#codes.slice(0, tokens).buffer);
  }

  /** Whether it is of so many tokens, each unseen or with a finite norm. */
  isOf(tokens: number): boolean {
    return (
      this.#codes.length === tokens &&
      this.#codes.every((code) => code === UNSEEN || code < INFINITE)
    );
  }

  static restored(packed: Int32Array): ExampleNorms {
    const norms = new ExampleNorms();
    norms.#codes = new Uint16Array(packed.slice().buffer);
    return norms;
  }
}
