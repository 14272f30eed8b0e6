import { missing, type Platform, unwrapped } from './platform.js';

/** TensorFlow.js's plain loops in JavaScript. */
export const cpu: Platform = {
  name: 'cpu',
  backend: 'cpu',
  abilities: { wholeNumberBits: 32, transposesFirst: false, readsAtOnce: true },
  async load() {
    const core = import('@tensorflow/tfjs-core');
    const tf = await core.catch(missing('cpu', '@tensorflow/tfjs-core'));
    await import('@tensorflow/tfjs-backend-cpu').catch(
      missing('cpu', '@tensorflow/tfjs-backend-cpu'),
    );
    return unwrapped(tf);
  },
};
