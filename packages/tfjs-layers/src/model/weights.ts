import { type DeviceState, elements, readFloats, type Shape } from '@sketchgrad/core';
import { tensor } from '@tensorflow/tfjs-core';
import type { TfWeight } from '../layers/kind.js';

/** A weight of a model: where it is, and how it lies in a state. */
export interface ModelWeight {
  /** In a state and in checkpoints: `dense_1/kernel`. */
  readonly name: string;
  readonly variable: TfWeight;
  /** As it lies in a state. */
  readonly shape: Shape;
  /** Whether its last axis comes first there: linear layers have a row for each of their outputs. */
  readonly isTurned: boolean;
}

const columnsOf = (variable: TfWeight): number => variable.shape.at(-1)!;

/** The shape that a weight has in a state. */
export function shapeInState(variable: TfWeight, isTurned: boolean): Shape {
  const shape = variable.shape as number[];
  if (!isTurned) return shape;
  return [columnsOf(variable), elements({ dtype: 'f32', shape: shape.slice(0, -1) })];
}

/** Rows become columns: [rows, columns] → [columns, rows]. */
function turned(data: Float32Array, columns: number): Float32Array {
  const rows = data.length / columns;
  const made = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      made[column * rows + row] = data[row * columns + column]!;
  return made;
}

/** Writes weights of TensorFlow.js into a state in which they are allocated. */
export async function writeWeights(
  weights: readonly ModelWeight[],
  state: DeviceState,
): Promise<void> {
  for (const weight of weights) {
    const data = (await weight.variable.read().data()) as Float32Array;
    await state.write(weight.name, asInState(weight, data));
  }
}

/** Numbers in TensorFlow.js' order as a weight lies in a state: f32. */
export const asInState = ({ variable, isTurned }: ModelWeight, data: Float32Array): Float32Array =>
  isTurned ? turned(data, columnsOf(variable)) : data;

/** Numbers that lie as a weight does in a state, in TensorFlow.js' order: f32. */
export function asInTensorFlow(
  { variable, isTurned }: ModelWeight,
  data: Float32Array,
): Float32Array {
  return isTurned ? turned(data, data.length / columnsOf(variable)) : data;
}

/** Gives a state's weights to TensorFlow.js. */
export async function readWeights(
  weights: readonly ModelWeight[],
  state: DeviceState,
): Promise<void> {
  for (const weight of weights) {
    const data = asInTensorFlow(weight, await readFloats(state, weight.name));
    const value = tensor(data, weight.variable.shape as number[]);
    weight.variable.write(value);
    value.dispose();
  }
}
