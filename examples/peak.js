/** The most bytes of tensors that TensorFlow.js' engine holds while something runs, beyond what it held before. */
export async function peakOf({ state }, work) {
  const before = state.numBytes;
  let [bytes, most] = [before, before];
  Object.defineProperty(state, 'numBytes', {
    get: () => bytes,
    set(now) {
      bytes = now;
      most = Math.max(most, now);
    },
    configurable: true,
  });
  try {
    const value = await work();
    return { value, peakBytes: most - before };
  } finally {
    Object.defineProperty(state, 'numBytes', { value: bytes, writable: true, configurable: true });
  }
}
