import type { Region, SharedMemory } from './shared-memory.js';

/** Memory behind the arena that no kernel may write to. */
export const GUARD_BYTES = 4096;

/** A pattern that no computation leaves behind: a signalling NaN with a payload of ours. */
const UNTOUCHED = 0x7fa5a5a5;

/**
 * The one arena that a backend's executables share: they run one after another, and nothing in it
 * but constants lives longer than a run. It grows to the largest plan, which may move it.
 */
export class Arena {
  #region: Region | undefined;
  #version = 0;
  /** The program that ran in it last, whose constants are still there. */
  lastRun: number | undefined;

  constructor(private readonly memory: SharedMemory) {}

  /** Changes whenever addresses in the arena do. */
  get version(): number {
    return this.#version;
  }

  get address(): number {
    return this.#region?.address ?? 0;
  }

  /** The most bytes that it could be grown to, were regions of these sizes taken before. */
  roomBytes(before: readonly number[] = []): number {
    return this.memory.largestRange(this.#region, before) - GUARD_BYTES;
  }

  /** @throws PlanError when the memory has no room for it; the arena that was is then still there */
  ensure(bytes: number): void {
    const needed = bytes + GUARD_BYTES;
    const before = this.#region;
    if (before && before.bytes >= needed) return;
    if (before) this.memory.free(before);
    try {
      this.#region = this.memory.allocate(needed, 'the arena');
    } catch (error) {
      // The range that was just freed still fits what it held.
      if (before) {
        this.#region = this.memory.allocate(before.bytes, 'the arena');
        if (this.#region.address !== before.address) this.#version++;
      }
      throw error;
    }
    this.#version++;
  }

  /** Fills the first `bytes`, and the guard behind them, with a pattern to be found again. */
  mark(bytes: number): void {
    this.memory.integers(this.address, (bytes + GUARD_BYTES) / 4).fill(UNTOUCHED);
  }

  /** End of the highest word written since {@link mark}, in bytes from the arena's start. */
  touchedBytes(bytes: number): number {
    const words = this.memory.integers(this.address, (bytes + GUARD_BYTES) / 4);
    let end = words.length;
    while (end > 0 && words[end - 1] === UNTOUCHED) end--;
    return end * 4;
  }
}
