import { fewBitGelu, gelu, type Value } from '@sketchgrad/core';
import { estimatedLinear } from './linear-layer.js';
import { type Pass, zeroUnused } from './pass.js';

/** Two linear layers with GELU between them. f32 [rows, hidden] → the same, by way of `intermediate`. */
export function feedForward(
  x: Value,
  pass: Pass,
  names: { readonly wide: string; readonly narrow: string },
): Value {
  const { hiddenSize, intermediateSize } = pass.config;
  const wide = estimatedLinear(x, names.wide, intermediateSize, pass);
  const bits = pass.geluBits;
  const active = bits === undefined ? gelu(wide) : fewBitGelu(wide, { bits });
  return estimatedLinear(zeroUnused(active, pass), names.narrow, hiddenSize, pass);
}
