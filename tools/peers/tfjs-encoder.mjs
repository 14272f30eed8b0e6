// An encoder's classifier written plainly in TensorFlow.js, on whichever of its backends: what its programs here train.

/** @typedef {any} Tensor TensorFlow.js's types are not installed here */
/** @typedef {{ weight: Tensor, bias: Tensor }} Dense */
/** @typedef {{ gamma: Tensor, beta: Tensor }} Norm */

/**
 * @typedef {object} Sizes
 * @property {number} layers
 * @property {number} hidden
 * @property {number} heads
 * @property {number} inner
 * @property {number} labels
 * @property {number} batch
 * @property {number} length
 */

const EPSILON = 1e-12;

/**
 * @param {any} tf
 * @param {Sizes} sizes
 * @param {number} rate of dropout
 * @param {(...shape: number[]) => Tensor} weights a variable, drawn
 */
export function tfjsEncoder(tf, sizes, rate, weights) {
  const { layers, hidden, heads, inner, labels, batch, length } = sizes;
  const width = hidden / heads;
  const filled = (/** @type {number} */ size, /** @type {number} */ value) =>
    tf.variable(tf.fill([size], value));
  const dense = (/** @type {number} */ from, /** @type {number} */ to) => ({
    weight: weights(from, to),
    bias: filled(to, 0),
  });
  /** @returns {Norm} */
  const norm = () => ({ gamma: filled(hidden, 1), beta: filled(hidden, 0) });
  const blocks = Array.from({ length: layers }, () => ({
    query: dense(hidden, hidden),
    key: dense(hidden, hidden),
    value: dense(hidden, hidden),
    output: dense(hidden, hidden),
    first: norm(),
    grown: dense(hidden, inner),
    shrunk: dense(inner, hidden),
    second: norm(),
  }));
  const pooler = dense(hidden, hidden);
  const classifier = dense(hidden, labels);

  const linear = (/** @type {Tensor} */ x, /** @type {Dense} */ { weight, bias }) =>
    x.matMul(weight).add(bias);
  const dropout = (/** @type {Tensor} */ x) => (rate > 0 ? tf.dropout(x, rate) : x);
  const gelu = (/** @type {Tensor} */ x) => x.mul(x.mul(Math.SQRT1_2).erf().add(1).mul(0.5));
  const split = (/** @type {Tensor} */ x) =>
    x.reshape([batch, length, heads, width]).transpose([0, 2, 1, 3]);

  function normalize(/** @type {Tensor} */ x, /** @type {Norm} */ { gamma, beta }) {
    const centred = x.sub(x.mean(-1, true));
    const variance = centred.square().mean(-1, true);
    return centred.mul(variance.add(EPSILON).rsqrt()).mul(gamma).add(beta);
  }

  function attend(/** @type {Tensor} */ x, /** @type {(typeof blocks)[number]} */ block) {
    const [q, k, v] = [block.query, block.key, block.value].map((layer) => split(linear(x, layer)));
    const scores = q.matMul(k, false, true).mul(1 / Math.sqrt(width));
    const attended = dropout(scores.softmax()).matMul(v).transpose([0, 2, 1, 3]);
    return linear(attended.reshape([batch * length, hidden]), block.output);
  }

  return {
    ...{ norm, normalize, dropout },
    /** The first variable that the last updates of a step reach. */
    last: blocks[0]?.query.bias,
    /** Scores of the labels. @param {Tensor} input [batch · length, hidden] */
    logits(input) {
      let x = input;
      for (const block of blocks) {
        x = normalize(x.add(dropout(attend(x, block))), block.first);
        const grown = gelu(linear(x, block.grown));
        x = normalize(x.add(dropout(linear(grown, block.shrunk))), block.second);
      }
      const first = x.reshape([batch, length, hidden]).slice([0, 0, 0], [batch, 1, hidden]);
      const pooled = dropout(linear(first.reshape([batch, hidden]), pooler).tanh());
      return linear(pooled, classifier);
    },
  };
}
