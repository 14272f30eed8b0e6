/** Words of the control block, an Int32Array over shared memory. */
export const CONTROL = { arrived: 0, released: 16, aborted: 32, words: 48 } as const;

/** About 100 µs of looking before a waiting thread goes to sleep. */
const SPINS = 20_000;

/** A barrier was left because another thread failed. */
export class Aborted extends Error {}

/**
 * Where all threads meet between phases: the last one to arrive lets the others go. They look for a
 * while before they sleep, since a phase is mostly shorter than a wake-up.
 */
export class Barrier {
  #phase = 0;

  constructor(
    private readonly control: Int32Array,
    private readonly threads: number,
  ) {}

  /** Every thread calls it before a program; the main thread has cleared the control block. */
  reset(): void {
    this.#phase = 0;
  }

  /** @throws Aborted when another thread has failed */
  meet(): void {
    const { control } = this;
    const phase = ++this.#phase;
    if (Atomics.add(control, CONTROL.arrived, 1) + 1 === this.threads * phase) {
      Atomics.store(control, CONTROL.released, phase);
      Atomics.notify(control, CONTROL.released);
      return;
    }
    let spins = 0;
    for (;;) {
      const released = Atomics.load(control, CONTROL.released);
      if (released >= phase) return;
      if (Atomics.load(control, CONTROL.aborted) !== 0) throw new Aborted();
      if (++spins > SPINS) Atomics.wait(control, CONTROL.released, released, 100);
    }
  }

  abort(): void {
    Atomics.store(this.control, CONTROL.aborted, 1);
    Atomics.notify(this.control, CONTROL.released);
  }
}
