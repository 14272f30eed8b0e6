import { missing, type Platform, unwrapped } from './platform.js';

/** What TensorFlow.js's backend has of the browser's. */
interface Graphics {
  readonly gpgpu: { readonly gl: { isContextLost(): boolean } };
}

/** Shaders of WebGL, in a browser. Whole numbers lie in float textures. */
export const webgl: Platform = {
  name: 'webgl',
  backend: 'webgl',
  abilities: { wholeNumberBits: 24, transposesFirst: false, readsAtOnce: true },
  async load() {
    const core = import('@tensorflow/tfjs-core');
    const tf = await core.catch(missing('webgl', '@tensorflow/tfjs-core'));
    await import('@tensorflow/tfjs-backend-webgl').catch(
      missing('webgl', '@tensorflow/tfjs-backend-webgl'),
    );
    return unwrapped(tf);
  },
  isLost: (tf) => {
    const { gpgpu } = tf.engine().findBackend('webgl') as unknown as Graphics;
    return gpgpu.gl.isContextLost();
  },
};
