import { affine, normalize, parameter, type Value } from '@sketchgrad/core';
import type { Pass } from './pass.js';

/**
 * Layer normalisation. Split in two, so that the affine part can be made again in the backward pass
 * and only the normalised rows are kept. f32 [rows, features] → the same; parameters `name.weight`
 * and `name.bias`, [features].
 */
export function layerNorm(x: Value, name: string, { config }: Pass): Value {
  const features = x.shape[1]!;
  const [normalized] = normalize(x, { epsilon: config.layerNormEpsilon });
  return affine(
    normalized,
    parameter(`${name}.weight`, [features]),
    parameter(`${name}.bias`, [features]),
  );
}
