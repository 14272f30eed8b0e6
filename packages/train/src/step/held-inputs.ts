import type { DeviceState, TensorData } from '@sketchgrad/core';

/**
 * Names of the state's tensors that stand for inputs which are the same in every batch, by the names of
 * the inputs: on the device they are once and for all.
 */
export const heldNames = (inputs: Iterable<string>): Readonly<Record<string, string>> =>
  Object.fromEntries([...inputs].map((name) => [name, `data.${name}`]));

/** Writes such inputs into a state in which their tensors are allocated. */
export async function writeHeld(
  state: DeviceState,
  inputs: Readonly<Record<string, TensorData>>,
): Promise<void> {
  for (const [name, tensor] of Object.entries(heldNames(Object.keys(inputs))))
    await state.write(tensor, inputs[name]!);
}
