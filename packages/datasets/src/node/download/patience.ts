/** Waits for bytes for so long at a time, and no longer than until a signal is aborted. */
export class Patience {
  readonly #seconds: number;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #abort = () => this.#controller.abort(this.#outer?.reason);
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(seconds: number, outer?: AbortSignal) {
    this.#seconds = seconds;
    this.#outer = outer;
    // AbortSignal.any is younger than Node 20.0.
    if (outer?.aborted) this.#abort();
    else outer?.addEventListener('abort', this.#abort);
    this.renew();
  }

  /** Aborted at the end of the patience, or with the outer signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether nothing came for too long. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get reason(): string {
    return `nothing came for ${this.#seconds} s`;
  }

  /** Something came: waits anew. */
  renew(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      this.#controller.abort(new Error(this.reason));
    }, 1000 * this.#seconds);
  }

  /** Stops waiting. */
  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#abort);
  }
}
