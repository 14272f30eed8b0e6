import { COPY_DESTINATION, MAP_READ, READ } from './gpu-flags.js';
import type { Range } from './lowering.js';
import { accepted } from './refusals.js';

/** Bytes of the device, once all is done that it was told before. */
export async function readBack(
  device: GPUDevice,
  { slot, offset, bytes }: Range,
): Promise<ArrayBuffer> {
  if (bytes === 0) return new ArrayBuffer(0);
  const staging = await accepted(device, () => {
    const buffer = device.createBuffer({ size: bytes, usage: MAP_READ | COPY_DESTINATION });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(slot.buffer, offset, buffer, 0, bytes);
    device.queue.submit([encoder.finish()]);
    return buffer;
  });
  try {
    await staging.mapAsync(READ);
    return staging.getMappedRange().slice(0);
  } finally {
    staging.destroy();
  }
}
