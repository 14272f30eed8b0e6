import { formatBytes, PlanError } from '@sketchgrad/core';

const PAGE_BYTES = 65_536;

/** The most that WebAssembly's 32-bit addresses reach: 4 GiB. */
export const LIMIT_BYTES = 65_536 * PAGE_BYTES;

/** The module's own static data and stack lie below this address. */
export const RESERVED_BYTES = PAGE_BYTES;

/** A range of the memory. */
export interface Region {
  readonly address: number;
  readonly bytes: number;
}

/**
 * The one shared WebAssembly memory of a backend, and which ranges of it are taken. Freed ranges are
 * taken again first; the memory grows when none fits, and never shrinks.
 */
export class SharedMemory {
  readonly memory: WebAssembly.Memory;
  readonly #taken: Region[] = [];

  constructor() {
    this.memory = new WebAssembly.Memory({
      initial: 1,
      maximum: LIMIT_BYTES / PAGE_BYTES,
      shared: true,
    });
  }

  /** Bytes up to the end of the highest range that is taken. */
  get usedBytes(): number {
    return this.#taken.reduce(
      (end, { address, bytes }) => Math.max(end, address + bytes),
      RESERVED_BYTES,
    );
  }

  /**
   * Takes `bytes` (a multiple of 64) at the lowest address that fits.
   * @throws PlanError when they do not fit below 4 GiB
   */
  allocate(bytes: number, what: string): Region {
    const [at, address] = lowestRange(this.#taken, bytes);
    const end = address + bytes;
    if (end > LIMIT_BYTES)
      throw new PlanError(
        `${what} needs ${formatBytes(bytes)}, and the CPU backend's memory ends at ${formatBytes(LIMIT_BYTES)} with ${formatBytes(LIMIT_BYTES - address)} of it free; a smaller batch or sequence, a lower rate or more recomputation would fit`,
        bytes,
        LIMIT_BYTES - address,
      );
    const grow = Math.ceil(end / PAGE_BYTES) - this.memory.buffer.byteLength / PAGE_BYTES;
    if (grow > 0) {
      try {
        this.memory.grow(grow);
      } catch (cause) {
        throw new PlanError(
          `${what} needs ${formatBytes(bytes)}, which the system did not give`,
          bytes,
          LIMIT_BYTES - address,
          { cause },
        );
      }
    }
    const region = { address, bytes };
    this.#taken.splice(at, 0, region);
    return region;
  }

  /**
   * Bytes of the largest range that could be taken, were regions of these sizes taken before, one by
   * one, and `without` freed behind them; below 0 where those do not fit themselves.
   */
  largestRange(without?: Region, before: readonly number[] = []): number {
    const taken = [...this.#taken];
    for (const bytes of before) {
      const [at, address] = lowestRange(taken, bytes);
      if (address + bytes > LIMIT_BYTES) return LIMIT_BYTES - address - bytes;
      taken.splice(at, 0, { address, bytes });
    }
    let largest = 0;
    let address = RESERVED_BYTES;
    for (const region of taken) {
      if (region === without) continue;
      largest = Math.max(largest, region.address - address);
      address = region.address + region.bytes;
    }
    return Math.max(largest, LIMIT_BYTES - address);
  }

  free(region: Region): void {
    const at = this.#taken.indexOf(region);
    if (at >= 0) this.#taken.splice(at, 1);
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  integers(address: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, length);
  }
}

/** Where the lowest range of so many bytes begins that is not taken, and its place among those. */
function lowestRange(taken: readonly Region[], bytes: number): [at: number, address: number] {
  let address = RESERVED_BYTES;
  for (const [at, next] of taken.entries()) {
    if (next.address - address >= bytes) return [at, address];
    address = next.address + next.bytes;
  }
  return [taken.length, address];
}
