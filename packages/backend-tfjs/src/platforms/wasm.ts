import { missing, type Platform, unwrapped } from './platform.js';

/** TensorFlow.js's kernels in WebAssembly, with XNNPACK. */
export const wasm: Platform = {
  name: 'wasm',
  backend: 'wasm',
  abilities: { wholeNumberBits: 32, transposesFirst: true, readsAtOnce: true },
  // As many pages as its module declares.
  mostBytes: 2 ** 32,
  async load() {
    const core = import('@tensorflow/tfjs-core');
    const tf = await core.catch(missing('wasm', '@tensorflow/tfjs-core'));
    await import('@tensorflow/tfjs-backend-wasm').catch(
      missing('wasm', '@tensorflow/tfjs-backend-wasm'),
    );
    return unwrapped(tf);
  },
};
