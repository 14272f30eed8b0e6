import { type DeviceState, type TensorData, type TensorType, UsageError } from '@sketchgrad/core';
import type { EncoderClassifier } from '../../src/index.js';

/** A state in host memory that knows a model's parameters, as if an executable had allocated them. */
function memoryState(model: EncoderClassifier): DeviceState {
  const shapes = new Map<string, TensorType>(
    model.parameters.map(({ name, shape }) => [name, { shape, dtype: 'f32' }]),
  );
  const tensors = new Map<string, TensorData>();
  const known = (name: string) => {
    if (!shapes.has(name)) throw new UsageError(`the state holds no tensor '${name}'`);
    return name;
  };
  return {
    tensors: shapes,
    write: async (name, data) => {
      tensors.set(known(name), data.slice());
    },
    read: async (name) => tensors.get(known(name))!.slice(),
    allocate: async () => {},
    dispose: async () => {},
  };
}

/** A model's starting weights by name. */
export async function startingState(model: EncoderClassifier, seed = 0): Promise<DeviceState> {
  const state = memoryState(model);
  await model.initialize(state, { seed });
  return state;
}

/** All tensors of a state by name, as plain arrays. */
export async function readAll(state: DeviceState): Promise<Record<string, number[]>> {
  const all: Record<string, number[]> = {};
  for (const name of state.tensors.keys()) all[name] = [...(await state.read(name))];
  return all;
}
