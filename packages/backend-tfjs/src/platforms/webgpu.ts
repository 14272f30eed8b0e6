import { missing, type Platform, unwrapped } from './platform.js';

/** Shaders of WebGPU, in a browser. */
export const webgpu: Platform = {
  name: 'webgpu',
  backend: 'webgpu',
  abilities: { wholeNumberBits: 32, transposesFirst: false, readsAtOnce: false },
  async load() {
    const core = import('@tensorflow/tfjs-core');
    const tf = await core.catch(missing('webgpu', '@tensorflow/tfjs-core'));
    // @ts-expect-error: of the platforms, those that tests run on are installed here.
    await import('@tensorflow/tfjs-backend-webgpu').catch(
      missing('webgpu', '@tensorflow/tfjs-backend-webgpu'),
    );
    return unwrapped(tf);
  },
};
