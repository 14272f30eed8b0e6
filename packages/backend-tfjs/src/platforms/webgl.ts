import { missing, type Platform, unwrapped } from './platform.js';

/** Shaders of WebGL, in a browser. Whole numbers lie in float textures. */
export const webgl: Platform = {
  name: 'webgl',
  backend: 'webgl',
  abilities: { wholeNumberBits: 24, transposesFirst: false, everyOp: false },
  async load() {
    const core = import('@tensorflow/tfjs-core');
    const tf = await core.catch(missing('webgl', '@tensorflow/tfjs-core'));
    await import('@tensorflow/tfjs-backend-webgl').catch(
      missing('webgl', '@tensorflow/tfjs-backend-webgl'),
    );
    return unwrapped(tf);
  },
};
