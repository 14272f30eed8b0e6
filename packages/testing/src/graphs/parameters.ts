import { affine, normalize, parameter, type Shape, type Value } from '@sketchgrad/core';
import type { Drawn } from '../data.js';

/** Declares parameters and remembers them. */
export function parameters() {
  const declared: Value[] = [];
  return {
    weight(name: string, shape: Shape): Value {
      const value = parameter(name, shape);
      declared.push(value);
      return value;
    },
    list: (): readonly Value[] => declared,
  };
}

type Parameters = ReturnType<typeof parameters>;

/** A linear layer's weight [outputs, inputs] and bias [outputs]. */
export const weights = (
  all: Parameters,
  name: string,
  inputs: number,
  outputs: number,
): [Value, Value] => [
  all.weight(`${name}.weight`, [outputs, inputs]),
  all.weight(`${name}.bias`, [outputs]),
];

/** LayerNorm over the features of x, f32 [rows, features]. */
export function layerNorm(x: Value, all: Parameters, name: string): Value {
  const features = x.shape[1]!;
  const [normalized] = normalize(x, { epsilon: 1e-5 });
  return affine(
    normalized,
    all.weight(`${name}.gain`, [features]),
    all.weight(`${name}.shift`, [features]),
  );
}

/** Starting values: gains near 1, the rest as drawn. */
export function initial(name: string, drawn: Drawn, seed: number): Float32Array {
  const values = Float32Array.from(drawn.draw(seed + 1));
  return name.endsWith('.gain') ? values.map((value) => 1 + value) : values;
}
