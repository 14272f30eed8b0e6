import { describeValue, elements, type TensorData, UsageError } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersInput } from '../model/inputs.js';
import type { LayersGraph } from '../model/layers-graph.js';

/** Examples on the host: a row for each in every tensor. */
export interface Examples {
  readonly count: number;
  /** By the graph's names for its inputs, and its targets. */
  readonly tensors: Readonly<Record<string, { readonly data: TensorData; readonly size: number }>>;
}

const isTensor = (value: unknown): value is Tensor =>
  typeof value === 'object' && value !== null && 'dataId' in value && 'shape' in value;

/** A tensor's numbers as the graph takes them. @throws UsageError for one of another shape, or no whole numbers */
async function numbersOf(
  what: string,
  given: unknown,
  { shape, dtype, below = Number.POSITIVE_INFINITY }: LayersInput,
): Promise<{ readonly rows: number; readonly data: TensorData; readonly size: number }> {
  const wanted = `a tensor [examples${shape.map((size) => `, ${size}`).join('')}]`;
  if (!isTensor(given))
    throw new UsageError(`${what} must be ${wanted}, but it is ${describeValue(given)}`);
  const [rows = 0, ...rest] = given.shape;
  const own = rest.join() === shape.join();
  // Classes come as [examples, 1], too, as TensorFlow.js has them.
  const isColumn = dtype === 'i32' && rest.join() === [...shape, 1].join();
  if (given.shape.length === 0 || !(own || isColumn))
    throw new UsageError(`${what} must be ${wanted}, but it is [${given.shape.join(', ')}]`);
  const data = (await given.data()) as Float32Array | Int32Array | Uint8Array;
  const size = elements({ dtype, shape });
  if (dtype === 'f32') return { rows, size, data: Float32Array.from(data) };
  const wrong = data.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= below);
  if (wrong >= 0)
    throw new UsageError(
      `${what} has ${data[wrong]} at position ${wrong}, which is no whole number from 0 ${below < Number.POSITIVE_INFINITY ? `to ${below - 1}` : 'up'}`,
    );
  return { rows, size, data: Int32Array.from(data) };
}

/** Tensors as TensorFlow.js takes them: one, one for each in a list, or by names. */
export type Given = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

/** @throws UsageError where it is not one for each */
function listOf(what: string, given: unknown, names: readonly string[]): readonly unknown[] {
  const wanted = `the model has ${names.length}: ${names.join(', ')}`;
  if (Array.isArray(given)) {
    if (given.length === names.length) return given;
    throw new UsageError(`${what} has ${given.length} tensors, ${wanted}`);
  }
  if (isTensor(given) || typeof given !== 'object' || given === null) {
    if (names.length === 1) return [given];
    throw new UsageError(
      `${what} is ${isTensor(given) ? 'one tensor' : describeValue(given)}, ${wanted}`,
    );
  }
  const byName = given as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(byName).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`${what} has an entry ${describeValue(unknown)}, ${wanted}`);
  return names.map((name) => byName[name]);
}

/**
 * Inputs and targets, copied from TensorFlow.js.
 * @throws UsageError for tensors that do not fit the model or each other
 */
export async function examplesOf(
  graph: LayersGraph,
  x: unknown,
  y: unknown,
  what: string,
): Promise<Examples> {
  const { inputs, inputNames, outputs } = graph;
  const xs = listOf(`${what}'s x`, x, inputNames);
  const ys = listOf(
    `${what}'s y`,
    y,
    outputs.map(({ name }) => name),
  );
  const named = (letter: string, count: number, at: number) =>
    `${what}'s ${letter}${count > 1 ? `[${at}]` : ''}`;
  const names = [...inputs, ...outputs.map(({ target }) => target)];
  const all = await Promise.all([
    ...inputs.map((each, at) => numbersOf(named('x', xs.length, at), xs[at], each)),
    ...outputs.map(({ target }, at) => numbersOf(named('y', ys.length, at), ys[at], target)),
  ]);
  const count = all[0]!.rows;
  const other = all.find(({ rows }) => rows !== count);
  if (other)
    throw new UsageError(
      `${what} has ${count} examples in its first input and ${other.rows} elsewhere`,
    );
  if (count === 0) throw new UsageError(`${what} has no examples`);
  return {
    count,
    tensors: Object.fromEntries(names.map(({ name }, at) => [name, all[at]!])),
  };
}

/** Rows of all tensors, in the order of the indices. */
export function rowsOf(
  { tensors }: Examples,
  indices: ArrayLike<number>,
): Record<string, TensorData> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data, size }]) => {
      const rows = data instanceof Float32Array ? Float32Array : Int32Array;
      const made = new rows(indices.length * size);
      for (let at = 0; at < indices.length; at++)
        made.set(data.subarray(indices[at]! * size, (indices[at]! + 1) * size), at * size);
      return [name, made];
    }),
  );
}
