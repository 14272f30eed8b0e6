import type { PlannedBuffer } from '@sketchgrad/core';
import { COPY_DESTINATION, COPY_SOURCE, STORAGE } from './gpu-flags.js';

/** One of the arena's buffers, whichever it is by now. */
class Slot {
  #buffer: GPUBuffer | undefined;

  get buffer(): GPUBuffer {
    return this.#buffer!;
  }

  get bytes(): number {
    return this.#buffer?.size ?? 0;
  }

  /** What is there is gone before more is taken. */
  replace(device: GPUDevice, size: number): void {
    this.#buffer?.destroy();
    this.#buffer = device.createBuffer({
      label: 'arena',
      size,
      usage: STORAGE | COPY_SOURCE | COPY_DESTINATION,
    });
  }

  free(): void {
    this.#buffer?.destroy();
    this.#buffer = undefined;
  }
}

/**
 * The buffers in which the tensors of a step lie, shared by all executables of a backend, of which one runs
 * at a time: each is as large as the largest of them wants it.
 */
export class Arena {
  readonly #slots: Slot[] = [];
  /** Another number whenever a buffer is another one. */
  version = 0;
  /** The executable whose constants lie there. */
  resident: object | undefined;

  constructor(private readonly device: GPUDevice) {}

  slot(index: number): Slot {
    while (this.#slots.length <= index) this.#slots.push(new Slot());
    return this.#slots[index]!;
  }

  /** Makes what is smaller than a plan wants as large as that. */
  ensure(buffers: readonly PlannedBuffer[]): void {
    for (const [index, { bytes }] of buffers.entries()) {
      const slot = this.slot(index);
      if (slot.bytes >= bytes) continue;
      slot.replace(this.device, bytes);
      this.version++;
      this.resident = undefined;
    }
  }

  free(): void {
    for (const slot of this.#slots) slot.free();
  }
}
