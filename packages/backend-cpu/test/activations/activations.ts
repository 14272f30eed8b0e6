import { readFileSync } from 'node:fs';
import type { Moments } from '@sketchgrad/core';
import { moments } from '@sketchgrad/core/reference';

/** What a linear layer of MiniLM saw in a step of fine-tuning on CoLA, padding included. */
export interface Activations {
  /** The layer's. */
  readonly name: string;
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  /** The layer's input, [rows, inputs]: its first columns. */
  readonly x: Float32Array;
  /** Its output's cotangent times a power of two, [rows, outputs]: its first columns. */
  readonly y: Float32Array;
  /** ‖y_i‖² of the same rows the epoch before, [rows]. */
  readonly stale: Float32Array;
}

/**
 * The captured layers, as `tools/fixtures/capture_activations.mjs` wrote them: X and Y in f16, then
 * the norms in f32, layer after layer.
 */
export function captured(): Activations[] {
  const read = (file: string) => readFileSync(new URL(file, import.meta.url));
  const { layers } = JSON.parse(read('activations.json').toString()) as {
    layers: Pick<Activations, 'name' | 'rows' | 'inputs' | 'outputs'>[];
  };
  const bytes = read('activations.bin');
  let at = 0;
  const halves = (count: number) =>
    Float32Array.from({ length: count }, () => {
      const value = half(bytes.readUInt16LE(at));
      at += 2;
      return value;
    });
  return layers.map((layer) => {
    const { rows, inputs, outputs } = layer;
    const [x, y] = [halves(rows * inputs), halves(rows * outputs)];
    const stale = Float32Array.from({ length: rows }, (_, row) => bytes.readFloatLE(at + 4 * row));
    at += 4 * rows;
    return { ...layer, x, y, stale };
  });
}

/** A number of the bits of an f16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** The same with fewer rows and fewer columns of X and Y, for what needs thousands of runs. */
export function narrowed(of: Activations, sizes: readonly [number, number, number]): Activations {
  const [rows, inputs, outputs] = sizes;
  return {
    name: of.name,
    rows,
    inputs,
    outputs,
    x: cut(of.x, of.inputs, rows, inputs),
    y: cut(of.y, of.outputs, rows, outputs),
    stale: of.stale.slice(0, rows),
  };
}

/** The upper left corner of a matrix of `width` columns. */
const cut = (matrix: Float32Array, width: number, rows: number, columns: number): Float32Array =>
  Float32Array.from(
    { length: rows * columns },
    (_, i) => matrix[Math.floor(i / columns) * width + (i % columns)]!,
  );

/** Their moments. */
export const momentsOf = ({ x, y, rows }: Activations): Moments => moments(x, y, rows);

/** dW = Yᵀ X, [outputs, inputs], in f64. */
export function exactGradient({ x, y, rows, inputs, outputs }: Activations): Float64Array {
  const gradient = new Float64Array(outputs * inputs);
  for (let row = 0; row < rows; row++)
    for (let o = 0; o < outputs; o++)
      for (let i = 0; i < inputs; i++)
        gradient[o * inputs + i]! += y[row * outputs + o]! * x[row * inputs + i]!;
  return gradient;
}
