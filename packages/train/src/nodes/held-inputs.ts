import type { DeviceState, TensorData } from '@sketchgrad/core';
import type { NodeBatch } from './model.js';

/** Names of tensors of a state, by the names of the inputs that they stand for. */
export type HeldInputs = Readonly<Record<string, string>>;

/**
 * All inputs of a pass over the whole graph, which are the same in every step: features, adjacency,
 * labels. As tensors of the state (`data.NAME`) they are on the device once and for all.
 */
export const heldInputs = ({ inputs }: Pick<NodeBatch, 'inputs'>): HeldInputs =>
  Object.fromEntries(Object.keys(inputs).map((name) => [name, `data.${name}`]));

/** Of these, those that another pass has alike. */
export const sharedInputs = (
  held: HeldInputs,
  { inputs }: Pick<NodeBatch, 'inputs'>,
  other: Pick<NodeBatch, 'inputs'>,
): HeldInputs =>
  Object.fromEntries(
    Object.entries(held).filter(([name]) => areAlike(inputs[name], other.inputs[name])),
  );

/** Writes the inputs that are held into a state in which their tensors are allocated. */
export async function writeHeld(
  state: DeviceState,
  held: HeldInputs,
  { inputs }: Pick<NodeBatch, 'inputs'>,
): Promise<void> {
  for (const [name, tensor] of Object.entries(held)) await state.write(tensor, inputs[name]!);
}

/** The inputs that are still to be handed in. */
export const otherInputs = (
  held: HeldInputs,
  { inputs }: Pick<NodeBatch, 'inputs'>,
): Record<string, TensorData> =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => !Object.hasOwn(held, name)));

function areAlike(a: TensorData | undefined, b: TensorData | undefined): boolean {
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  return a.constructor === b.constructor && a.every((number, at) => Object.is(number, b[at]));
}
