// An encoder's training step and products of matrices in jax-js:
//
//     node tools/peers/webgpu/jax.mjs FOLDER TIMES
//
// FOLDER is where npm put @jax-js/jax and webgpu.

import { importAs, provideGpu } from './gpu.mjs';
import { ENCODER, numbers, PRODUCTS } from './sizes.mjs';
import { print, secondsOf } from './timed.mjs';

const [folder = '', times = '3'] = process.argv.slice(2);
await provideGpu(folder);
const jax = await importAs(folder, '@jax-js/jax');
const { numpy: np, nn, scipySpecial, tree } = jax;
await jax.init('webgpu');
jax.defaultDevice('webgpu');

/** @typedef {any} Tensor jax-js's types are not installed here */

const { layers, width, heads, inner, labels, batch, length, epsilon, rate } = ENCODER;
const size = width / heads;
let seed = 1;
const weights = (/** @type {number[]} */ ...shape) =>
  np
    .array(
      numbers(
        shape.reduce((a, b) => a * b),
        0.02,
        ++seed,
      ),
    )
    .reshape(shape);
const dense = (/** @type {number} */ from, /** @type {number} */ to) => ({
  weight: weights(from, to),
  bias: np.zeros([to]),
});
const norm = () => ({ gamma: np.ones([width]), beta: np.zeros([width]) });
const parameters = {
  blocks: Array.from({ length: layers }, () => ({
    query: dense(width, width),
    key: dense(width, width),
    value: dense(width, width),
    output: dense(width, width),
    first: norm(),
    grown: dense(width, inner),
    shrunk: dense(inner, width),
    second: norm(),
  })),
  pooler: dense(width, width),
  classifier: dense(width, labels),
};

const linear = (/** @type {Tensor} */ x, /** @type {{ weight: Tensor, bias: Tensor }} */ layer) =>
  np.matmul(x, layer.weight).add(layer.bias);
const gelu = (/** @type {Tensor} */ x) =>
  x.ref.mul(scipySpecial.erf(x.mul(Math.SQRT1_2)).add(1).mul(0.5));
const split = (/** @type {Tensor} */ x) =>
  np.transpose(x.reshape([batch, length, heads, size]), [0, 2, 1, 3]);

function normalize(
  /** @type {Tensor} */ x,
  /** @type {{ gamma: Tensor, beta: Tensor }} */ { gamma, beta },
) {
  const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
  return centred
    .mul(np.reciprocal(np.sqrt(variance.add(epsilon))))
    .mul(gamma)
    .add(beta);
}

function attend(/** @type {Tensor} */ x, /** @type {any} */ block) {
  const [q, k, v] = [block.query, block.key, block.value].map((layer, at) =>
    split(linear(at < 2 ? x.ref : x, layer)),
  );
  const scores = np.matmul(q, np.swapaxes(k, -1, -2)).mul(1 / Math.sqrt(size));
  const attended = np.transpose(np.matmul(nn.softmax(scores), v), [0, 2, 1, 3]);
  return linear(attended.reshape([batch * length, width]), block.output);
}

function lossOf(/** @type {any} */ all, /** @type {Tensor} */ given, /** @type {Tensor} */ wanted) {
  let x = given;
  for (const block of all.blocks) {
    x = normalize(x.ref.add(attend(x, block)), block.first);
    const grown = gelu(linear(x.ref, block.grown));
    x = normalize(x.add(linear(grown, block.shrunk)), block.second);
  }
  const first = x.reshape([batch, length, width]).slice([], 0);
  const logits = linear(np.tanh(linear(first, all.pooler)), all.classifier);
  return np.mean(np.sum(nn.logSoftmax(logits).mul(wanted), -1)).neg();
}

const step = jax.jit(
  (
    /** @type {any} */ all,
    /** @type {any} */ first,
    /** @type {any} */ second,
    /** @type {Tensor} */ given,
    /** @type {Tensor} */ wanted,
  ) => {
    const [loss, gradients] = jax.valueAndGrad(lossOf)(tree.ref(all), given, wanted);
    const m = tree.map(
      (/** @type {Tensor} */ a, /** @type {Tensor} */ g) => a.mul(0.9).add(g.mul(0.1)),
      first,
      tree.ref(gradients),
    );
    const v = tree.map(
      (/** @type {Tensor} */ a, /** @type {Tensor} */ g) =>
        a.mul(0.999).add(np.square(g).mul(0.001)),
      second,
      gradients,
    );
    const moved = tree.map(
      (/** @type {Tensor} */ p, /** @type {Tensor} */ a, /** @type {Tensor} */ b) =>
        p.sub(a.mul(rate).div(np.sqrt(b).add(1e-8))),
      all,
      tree.ref(m),
      tree.ref(v),
    );
    return [loss, moved, m, v];
  },
);

const input = np.array(numbers(batch * length * width)).reshape([batch * length, width]);
const wanted = nn.oneHot(
  np.array(
    Int32Array.from({ length: batch }, (_, i) => i % labels),
    { dtype: np.int32 },
  ),
  labels,
);
const zeros = () => tree.map((/** @type {Tensor} */ p) => np.zerosLike(p), tree.ref(parameters));
let state = [parameters, zeros(), zeros()];
/** @type {Record<string, number[]>} */
const found = {};
found.step = await secondsOf(Number(times), async () => {
  const [loss, ...next] = step(...state, input.ref, wanted.ref);
  state = next;
  await loss.data();
  await jax.blockUntilReady(state);
});
for (const n of PRODUCTS) {
  const [a, b] = [2, 3].map((each) => np.array(numbers(n * n, 1, each)).reshape([n, n]));
  found[`product ${n}`] = await secondsOf(Number(times), () => np.matmul(a.ref, b.ref).data());
}
print(found);
