import {
  type Allocation,
  formatBytes,
  PlanError,
  type PlanOptions,
  UsageError,
} from '@sketchgrad/core';
import { Turns } from '@sketchgrad/core/backend';
import { Buffers } from './buffers.js';

/** What tensors are aligned to, in bytes: as some graphics devices ask. */
export const ALIGNMENT = 256;

/** How many buffers there are. */
const BUFFERS = 2;

/** What all states and executables of a small backend share. */
export class SmallDevice {
  readonly turns = new Turns();
  readonly buffers: Buffers;
  /** How steps are planned for it. */
  readonly planOptions: PlanOptions;
  /** The executable whose constants lie in the buffers, and where. */
  resident: { readonly of: object; readonly constants: readonly Allocation[] } | undefined;
  #stateBytes = 0;
  #disposed = false;

  constructor(
    bufferBytes: number,
    private readonly memoryBytes: number,
  ) {
    this.buffers = new Buffers(BUFFERS, bufferBytes);
    this.planOptions = {
      alignment: ALIGNMENT,
      maxBufferBytes: bufferBytes,
      mayOverwrite: () => false,
    };
  }

  get arenaBytes(): number {
    return this.buffers.count * this.buffers.bytes;
  }

  /** @throws PlanError where states would take more than the memory */
  takeState(bytes: number): void {
    const needed = this.#stateBytes + bytes;
    if (needed > this.memoryBytes)
      throw new PlanError(
        `states take ${formatBytes(needed)}; there are ${formatBytes(this.memoryBytes)} of memory`,
        needed,
        this.memoryBytes,
      );
    this.#stateBytes = needed;
  }

  giveState(bytes: number): void {
    this.#stateBytes -= bytes;
  }

  dispose(): void {
    this.#disposed = true;
  }

  /** @throws UsageError once it is disposed of */
  expectUsable(): void {
    if (this.#disposed) throw new UsageError('the small backend was disposed of');
  }
}
