export type {
  Backend,
  BackendModule,
  DeviceLimits,
  DeviceState,
  Executable,
  OpTime,
  RunOptions,
  TensorData,
  TensorRange,
} from './contract.js';
export { readFloats } from './read-floats.js';
