import { affine, normalize, parameter, type Value } from '@sketchgrad/core';
import { encoderName, type Pass, zeroUnused } from './pass.js';

/**
 * Layer normalisation. Split in two, so that the affine part can be made again in the backward pass
 * and only the normalised rows are kept. f32 [rows, features] → the same, with zeros in nobody's rows;
 * parameters `weight` and `bias` of `name` within the encoder, [features].
 */
export function layerNorm(x: Value, name: string, pass: Pass): Value {
  const features = x.shape[1]!;
  const [normalized] = normalize(x, { epsilon: pass.config.layerNormEpsilon });
  const scaled = affine(
    normalized,
    parameter(encoderName(pass, `${name}.weight`), [features]),
    parameter(encoderName(pass, `${name}.bias`), [features]),
  );
  return zeroUnused(scaled, pass);
}
