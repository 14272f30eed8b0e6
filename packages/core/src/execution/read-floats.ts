import { checkMembers, type ObjectKind } from '../checks/check-members.js';
import { UsageError } from '../errors.js';
import type { DeviceState, TensorRange } from './contract.js';

const READABLE: ObjectKind = {
  accepted: "a backend's state, such as a run's `state` or backend.createState()",
  members: { read: 'function' },
};

/**
 * Reads an f32 tensor of a state, or a part of it.
 * @throws UsageError for a tensor of whole numbers; what `read` throws
 */
export async function readFloats(
  state: Pick<DeviceState, 'read'>,
  name: string,
  range?: TensorRange,
): Promise<Float32Array> {
  checkMembers('state', state, READABLE);
  const data = await state.read(name, range);
  if (data instanceof Float32Array) return data;
  throw new UsageError(`'${name}' is i32: read it as it is, by state.read`);
}
