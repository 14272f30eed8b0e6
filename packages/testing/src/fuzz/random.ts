import { threefry2x32 } from '@sketchgrad/core';

/** Draws that depend on a seed and a run's number alone, so that any run can be made again. */
export class Random {
  readonly #seed: number;
  readonly #run: number;
  #drawn = 0;

  constructor(seed: number, run: number) {
    this.#seed = seed;
    this.#run = run;
  }

  /** A number in [0, 1). */
  unit(): number {
    return threefry2x32(this.#seed, this.#run, 0, this.#drawn++)[0] / 2 ** 32;
  }

  /** A whole number from 0 to limit − 1; 0 where the limit is less. */
  below(limit: number): number {
    return Math.floor(this.unit() * Math.max(limit, 1));
  }

  /** True with a given probability. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** A whole number from 1 to `most`, small ones as likely as large ones (log-uniform). */
  size(most: number): number {
    return Math.min(Math.floor(2 ** (this.unit() * Math.log2(Math.max(most, 1) + 1))), most);
  }

  /** One of the choices. */
  of<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.below(choices.length)]!;
  }
}
