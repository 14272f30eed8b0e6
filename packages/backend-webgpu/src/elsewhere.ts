// Where a GPU comes from, as it is elsewhere than in Node: package.json's `imports` takes node/node.ts there,
// and bundlers for browsers take this.
import { BackendError } from '@sketchgrad/core';

/** @throws BackendError where the browser has no WebGPU */
export async function findGpu(): Promise<GPU> {
  const gpu = globalThis.navigator?.gpu;
  if (gpu) return gpu;
  throw new BackendError(
    "the webgpu backend needs WebGPU, which is not here: take a browser that has it (Chrome, Edge, Safari 26, Firefox 141 or newer), and open the page over https or from localhost; or take another backend, loadBackend('tfjs', { platform: 'webgl' })",
  );
}

/** What to look at where WebGPU is there, and no adapter. */
export const NO_ADAPTER =
  'the browser says why on its page about:gpu or chrome://gpu: mostly a driver that it does not trust, or graphics acceleration that is switched off in its settings';
