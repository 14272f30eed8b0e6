/**
 * Names of the state's tensors that stand for inputs which are the same in every batch, by the names of
 * the inputs: on the device they are once and for all.
 */
export const heldNames = (inputs: Iterable<string>): Readonly<Record<string, string>> =>
  Object.fromEntries([...inputs].map((name) => [name, `data.${name}`]));
