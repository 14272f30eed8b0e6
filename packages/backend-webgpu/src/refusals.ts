import { BackendError } from '@sketchgrad/core';

/** What a device has said of what it was told in a scope; nothing where all was well. */
export type Refusals = Promise<BackendError | undefined>;

/**
 * Tells a device something, and gives beside what comes of it what the device has refused of that: memory that it
 * does not have, or what it takes for wrong. Scopes end with what is told, so that nobody else's errors are in them.
 */
export function refusable<T>(
  device: GPUDevice,
  tell: () => T,
): { readonly made: T; readonly refusals: Refusals } {
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  let scopes: Promise<GPUError | null>[] = [];
  let made: T;
  try {
    made = tell();
  } finally {
    scopes = [device.popErrorScope(), device.popErrorScope()];
  }
  const refusals = Promise.all(scopes).then(([memory, wrong]) => {
    if (memory)
      return new BackendError(
        `the GPU does not have the memory that the webgpu backend asks for: ${memory.message}; a smaller memoryBytes refuses it beforehand`,
      );
    return wrong
      ? new BackendError(`the GPU refuses what the webgpu backend tells it: ${wrong.message}`)
      : undefined;
  });
  // Whoever waits for it is told, also that the device is gone.
  refusals.catch(() => undefined);
  return { made, refusals };
}

/** {@link refusable}, for what is waited for. @throws BackendError for what is refused */
export async function accepted<T>(device: GPUDevice, tell: () => T): Promise<T> {
  const { made, refusals } = refusable(device, tell);
  const refused = await refusals;
  if (refused) throw refused;
  return made;
}
