/**
 * What a lowering of many steps holds, told step by step, in words of 4 bytes: for `scratchBytes` where a
 * formula would say less.
 */
export class Held {
  #now = 0;
  #most = 0;

  /** The most words that were held at once. */
  get most(): number {
    return this.#most;
  }

  make(...words: readonly number[]): this {
    for (const count of words) this.#now += count;
    this.#most = Math.max(this.#most, this.#now);
    return this;
  }

  free(...words: readonly number[]): this {
    for (const count of words) this.#now -= count;
    return this;
  }
}
