import { rotationSigns } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type Lowering, type LoweringContext } from '../lowering.js';

type Attributes = { readonly group: number; readonly inverse: boolean };

/** Sizes of the parts of a row that a Walsh–Hadamard matrix each is for: falling powers of two of a group. */
function partsOf(features: number, group: number): number[] {
  const parts: number[] = [];
  for (let begin = 0; begin < features; begin += group)
    for (let left = Math.min(group, features - begin); left > 0; left -= parts.at(-1)!)
      parts.push(2 ** Math.floor(Math.log2(left)));
  return parts;
}

/** The orthonormal Walsh–Hadamard matrix [n, n]: −1 where i and j have an odd number of bits in common. */
function hadamard(n: number): Float32Array {
  const matrix = new Float32Array(n * n).fill(1 / Math.sqrt(n));
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let bits = i & j; bits !== 0; bits &= bits - 1) matrix[i * n + j]! *= -1;
  return matrix;
}

/** Every part times its matrix. @returns a new tensor */
function transform(x: Tensor, parts: readonly number[], { tf, upload, view }: LoweringContext) {
  const [rows, features] = x.shape as [number, number];
  const product = (part: Tensor, n: number) => {
    const matrix = upload(hadamard(n), [n, n]);
    const made: Tensor = tf.matMul(part, matrix);
    matrix.dispose();
    return made;
  };
  const n = parts[0]!;
  if (parts.every((size) => size === n))
    return view(product(view(x, [(rows * features) / n, n]), n), [rows, features]);
  let begin = 0;
  const made = parts.map((size) => {
    const part = tf.slice(x, [0, begin], [rows, size]);
    begin += size;
    const turned = product(part, size);
    part.dispose();
    return turned;
  });
  const all = tf.concat(made, 1);
  for (const part of made) part.dispose();
  return all;
}

/** Beside the tensor that is transformed: what {@link transform} holds, less its result until that is made. */
function transformBytes(rows: number, features: number, parts: readonly number[]): number {
  const n = parts[0]!;
  if (parts.every((size) => size === n)) return 4 * n * n;
  let most = 4 * rows * features;
  let before = 0;
  for (const size of parts) {
    before += size;
    most = Math.max(most, 4 * (rows * (before + size) + size * size) - 4 * rows * features);
  }
  return most;
}

/** Walsh–Hadamard matrices by matrix products: of so few rows they are faster than butterflies, op by op. */
export const rotateFeatures: Lowering<Attributes> = {
  op: 'rotateFeatures',
  scratchBytes({ inputs: [x], attributes: { group, inverse } }) {
    const [rows, features] = x!.shape as [number, number];
    if (rows * features === 0) return 0;
    const all = bytesOf(x!);
    const transformed = transformBytes(rows, features, partsOf(features, group));
    return inverse
      ? Math.max(transformed, all + 4 * features)
      : Math.max(all + transformed, 4 * features);
  },
  lower([x], { attributes: { group, inverse } }, context) {
    const { tf, upload } = context;
    const [rows, features] = x!.shape as [number, number];
    if (rows * features === 0) return [tf.zeros([rows, features])];
    const parts = partsOf(features, group);
    const turned = inverse ? transform(x!, parts, context) : x!;
    const signs = upload(rotationSigns(features));
    const flipped: Tensor = tf.mul(turned, signs);
    signs.dispose();
    if (inverse) {
      turned.dispose();
      return [flipped];
    }
    const made = transform(flipped, parts, context);
    flipped.dispose();
    return [made];
  },
};
