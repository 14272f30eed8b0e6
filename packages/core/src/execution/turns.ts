/** Runs one thing at a time, in the order in which they are asked for. */
export class Turns {
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** Whether what is asked for now begins at once, before the call returns. */
  get idle(): boolean {
    return this.#waiting === 0;
  }

  take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.idle ? atOnce(work) : this.#last.then(work);
    this.#waiting++;
    const leave = () => {
      this.#waiting--;
    };
    this.#last = done.then(leave, leave);
    return done;
  }
}

const atOnce = async <T>(work: () => Promise<T>): Promise<T> => work();
