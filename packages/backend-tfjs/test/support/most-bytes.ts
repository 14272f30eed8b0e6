import { engine } from '@tensorflow/tfjs-core';

/** The most bytes that TensorFlow.js's engine holds while something runs: whenever it counts. */
export async function mostBytes(work: () => Promise<unknown>): Promise<number> {
  const { state } = engine();
  let [bytes, most] = [state.numBytes, state.numBytes];
  Object.defineProperty(state, 'numBytes', {
    get: () => bytes,
    set: (now: number) => {
      bytes = now;
      most = Math.max(most, now);
    },
    configurable: true,
  });
  try {
    await work();
    return most;
  } finally {
    Object.defineProperty(state, 'numBytes', { value: bytes, writable: true, configurable: true });
  }
}
