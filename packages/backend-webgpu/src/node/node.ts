import { BackendError } from '@sketchgrad/core';

/** The version of npm's webgpu that this package is written for and tested with. */
const VERSION = '0.6.2';

/** Kept for as long as the process lives: what it made is gone with it. */
let gpu: GPU | undefined;

/** Dawn, through npm's webgpu. @throws BackendError, with what to install, where it does not load */
export async function findGpu(): Promise<GPU> {
  if (gpu) return gpu;
  const { create } = await import('webgpu').catch(missing);
  gpu = create([]);
  return gpu;
}

function missing(cause: unknown): never {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  throw new BackendError(
    code === 'ERR_MODULE_NOT_FOUND' && String(message).includes("'webgpu'")
      ? `the webgpu backend needs the package webgpu in Node, which is not installed; add it with: npm install webgpu@${VERSION}`
      : `the webgpu backend could not load the package webgpu: ${String(message)}`,
    { cause },
  );
}

/** What to look at where Dawn is there, and no adapter. */
export const NO_ADAPTER =
  process.platform === 'linux'
    ? 'install the Vulkan driver of your GPU, and its loader libvulkan.so.1 (Debian and Ubuntu: libvulkan1, and mesa-vulkan-drivers, which also has one that computes on the CPU)'
    : 'install the driver of your GPU';
