import { checkState } from '../checks/kinds.js';
import { UsageError } from '../errors.js';
import type { DeviceState, TensorRange } from './contract.js';

/**
 * Reads an f32 tensor of a state, or a part of it.
 * @throws UsageError for a tensor of whole numbers; what `read` throws
 */
export async function readFloats(
  state: DeviceState,
  name: string,
  range?: TensorRange,
): Promise<Float32Array> {
  checkState('state', state);
  const data = await state.read(name, range);
  if (data instanceof Float32Array) return data;
  throw new UsageError(`'${name}' is i32: read it as it is, by state.read`);
}
