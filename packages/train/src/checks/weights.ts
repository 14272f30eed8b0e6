import { type DeviceState, type Model, UsageError } from '@sketchgrad/core';

/** @throws UsageError naming the first of the model's parameters that the state does not hold */
export function checkWeights(
  { parameters }: Pick<Model<never>, 'parameters'>,
  state: DeviceState,
): void {
  const missing = parameters.find(({ name }) => !state.tensors.has(name));
  if (missing)
    throw new UsageError(
      `the state has no tensor '${missing.name}'; it must hold the model's weights`,
    );
}
