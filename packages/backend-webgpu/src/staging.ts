import { COPY_DESTINATION, MAP_READ, READ } from './gpu-flags.js';
import type { Range } from './lowering.js';

/** What a run gives back, copied out of the device's memory in one piece. */
export class Staging {
  readonly #buffer: GPUBuffer | undefined;

  constructor(
    private readonly device: GPUDevice,
    private readonly ranges: readonly Range[],
  ) {
    const size = ranges.reduce((sum, { bytes }) => sum + bytes, 0);
    if (size > 0) this.#buffer = device.createBuffer({ size, usage: MAP_READ | COPY_DESTINATION });
  }

  copy(encoder: GPUCommandEncoder): void {
    let at = 0;
    for (const { slot, offset, bytes } of this.ranges) {
      if (bytes > 0) encoder.copyBufferToBuffer(slot.buffer, offset, this.#buffer!, at, bytes);
      at += bytes;
    }
  }

  /** Bytes of each range, once the device is done; where there are none, that it is done. */
  async read(): Promise<readonly ArrayBuffer[]> {
    if (!this.#buffer) {
      await this.device.queue.onSubmittedWorkDone();
      return this.ranges.map(() => new ArrayBuffer(0));
    }
    await this.#buffer.mapAsync(READ);
    const all = this.#buffer.getMappedRange();
    let at = 0;
    return this.ranges.map(({ bytes }) => {
      at += bytes;
      return all.slice(at - bytes, at);
    });
  }

  free(): void {
    this.#buffer?.destroy();
  }
}
