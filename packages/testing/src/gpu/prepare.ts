import { join } from 'node:path';
import koffi from 'koffi';
import { unpackedChromium } from '../browser/unpacked-chromium.js';

/** The environment variable that says which GPU tests in Node run on: `own`, the machine's. */
const VARIABLE = 'SKETCHGRAD_GPU';

const ICD = 'VK_ICD_FILENAMES';

/** The folder with SwiftShader; undefined where the machine's own GPU is what tests run on. */
async function software(): Promise<string | undefined> {
  const own = process.env[VARIABLE] === 'own';
  if (own || process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  return unpackedChromium();
}

/** {@link prepareGpu} for a process that is to be started: the variables of its environment. */
export async function gpuEnvironment(): Promise<Record<string, string>> {
  const folder = await software();
  if (!folder) return {};
  return { [ICD]: join(folder, 'vk_swiftshader_icd.json'), LD_LIBRARY_PATH: folder };
}

/** Kept, as what nothing holds is unloaded. */
const loaded: object[] = [];

/**
 * Readies this process for WebGPU, before the module `webgpu` is imported: on Linux x64 its GPU is then
 * SwiftShader, which computes on the CPU and is the same everywhere; elsewhere, or where SKETCHGRAD_GPU is
 * `own`, it is the machine's.
 */
export async function prepareGpu(): Promise<void> {
  const folder = await software();
  if (!folder) return;
  // By way of C: what a worker thread writes into process.env is its own.
  const setenv = koffi.load('libc.so.6').func('int setenv(str, str, int)');
  setenv(ICD, join(folder, 'vk_swiftshader_icd.json'), 1);
  // Where it is loaded already, Dawn need not find it.
  loaded.push(koffi.load(join(folder, 'libvulkan.so.1')));
}
