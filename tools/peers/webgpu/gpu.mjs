// The GPU that the programs here share: SwiftShader on Linux x64, or the machine's own where SKETCHGRAD_GPU is
// `own`. For peers, which look for `navigator.gpu`, it is put there.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../command.mjs';

/** Imports a module as a file of another package would. */
export const importAs = (/** @type {string} */ from, /** @type {string} */ name) =>
  import(pathToFileURL(createRequire(join(from, 'package.json')).resolve(name)).href);

const testing = join(root, 'packages/testing/dist/gpu.js');
const { prepareGpu } = await import(pathToFileURL(testing).href);
await prepareGpu();

/** @param {string} folder where npm's webgpu is */
export async function provideGpu(folder) {
  const { create, globals } = await importAs(folder, 'webgpu');
  Object.assign(globalThis, globals);
  const value = { gpu: create([]), userAgent: 'node' };
  Object.defineProperty(globalThis, 'navigator', { value, configurable: true });
}
