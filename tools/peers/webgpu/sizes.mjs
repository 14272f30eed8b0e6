// What each of the programs here trains and multiplies: the same in all, so that their times compare.

/** An encoder's classifier: blocks of attention and feed-forward, of sequences of one length. */
export const ENCODER = {
  ...{ layers: 2, width: 256, heads: 4, inner: 1024, labels: 2, batch: 8, length: 64 },
  ...{ vocabulary: 1000, epsilon: 1e-12, rate: 1e-4 },
};

/** Square matrices that are multiplied. */
export const PRODUCTS = [512, 1024];

/** Numbers of no meaning, the same each time. */
export const numbers = (/** @type {number} */ count, scale = 1, seed = 1) =>
  Float32Array.from({ length: count }, (_, i) => scale * Math.sin(12.9898 * (i + 1) * seed));
