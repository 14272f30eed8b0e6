import { fewBitGelu, gelu, type Value } from '@sketchgrad/core';
import { estimatedLinear } from './linear-layer.js';
import { drop, type Pass } from './pass.js';

/** Two linear layers with GELU between them. f32 [rows, hidden] → the same, by way of `intermediate`. */
export function feedForward(x: Value, name: string, pass: Pass): Value {
  const { hiddenSize, intermediateSize, hiddenDropout } = pass.config;
  const wide = estimatedLinear(x, `${name}.intermediate.dense`, intermediateSize, pass);
  const bits = pass.geluBits;
  const active = bits === undefined ? gelu(wide) : fewBitGelu(wide, { bits });
  const narrow = estimatedLinear(active, `${name}.output.dense`, hiddenSize, pass);
  return drop(narrow, hiddenDropout, pass);
}
