import { COPY_DESTINATION, COPY_SOURCE, MAP_READ, QUERY_RESOLVE, READ } from './gpu-flags.js';

/** Queries of a set, at most. */
const MOST_QUERIES = 4096;
const TIMESTAMP_BYTES = 8;
const NANOSECOND = 1e-9;

/**
 * Times of a schedule's positions, each a pass of its own with a timestamp before it and one behind it, in
 * some of the runs: the first, the second, the fourth, the eighth.
 */
export class Timing {
  readonly #seconds: Float64Array;
  #timed = 0;
  #runs = 0;

  constructor(positions: number) {
    this.#seconds = new Float64Array(positions);
  }

  get runs(): number {
    return this.#runs;
  }

  /** Whether the run that begins is one of those that are timed. */
  begin(): boolean {
    this.#runs++;
    return Number.isInteger(Math.log2(this.#runs));
  }

  /** Adds what a timed run took at each of some positions. */
  add(positions: readonly number[], seconds: ArrayLike<number>): void {
    for (const [index, at] of positions.entries()) this.#seconds[at]! += seconds[index]!;
    this.#timed++;
  }

  /** By position, over all runs as those that were timed took. */
  seconds(): Float64Array {
    return this.#seconds.map((seconds) => (seconds * this.#runs) / Math.max(this.#timed, 1));
  }
}

/** Timestamps of one run's passes. */
export class Timestamps {
  readonly #sets: readonly GPUQuerySet[];
  readonly #resolved: GPUBuffer;
  readonly #staging: GPUBuffer;

  constructor(
    device: GPUDevice,
    private readonly passes: number,
  ) {
    const queries = 2 * passes;
    this.#sets = Array.from({ length: Math.ceil(queries / MOST_QUERIES) }, (_, at) =>
      device.createQuerySet({
        type: 'timestamp',
        count: Math.min(MOST_QUERIES, queries - at * MOST_QUERIES),
      }),
    );
    const size = queries * TIMESTAMP_BYTES;
    this.#resolved = device.createBuffer({ size, usage: QUERY_RESOLVE | COPY_SOURCE });
    this.#staging = device.createBuffer({ size, usage: MAP_READ | COPY_DESTINATION });
  }

  /** Where a pass writes its own. */
  of(pass: number): GPUComputePassTimestampWrites {
    const at = (2 * pass) % MOST_QUERIES;
    return {
      querySet: this.#sets[Math.floor((2 * pass) / MOST_QUERIES)]!,
      beginningOfPassWriteIndex: at,
      endOfPassWriteIndex: at + 1,
    };
  }

  resolve(encoder: GPUCommandEncoder): void {
    for (const [at, set] of this.#sets.entries())
      encoder.resolveQuerySet(
        set,
        0,
        set.count,
        this.#resolved,
        at * MOST_QUERIES * TIMESTAMP_BYTES,
      );
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, this.#staging.size);
  }

  /** Seconds of each pass. */
  async read(): Promise<Float64Array> {
    await this.#staging.mapAsync(READ);
    const times = new BigUint64Array(this.#staging.getMappedRange());
    // Devices may set their clock back between two of them.
    return Float64Array.from({ length: this.passes }, (_, pass) =>
      Math.max(Number(times[2 * pass + 1]! - times[2 * pass]!) * NANOSECOND, 0),
    );
  }

  free(): void {
    for (const set of this.#sets) set.destroy();
    this.#resolved.destroy();
    this.#staging.destroy();
  }
}
