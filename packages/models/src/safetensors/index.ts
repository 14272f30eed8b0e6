export type { ByteSource, Bytes } from './byte-source.js';
export type { FloatDType, SafetensorsDType, TensorInfo } from './dtypes.js';
export { readSafetensors, type TensorStore } from './read.js';
export {
  type Chunked,
  type FloatTensor,
  formatSafetensors,
  type RawTensor,
  type WriteOptions,
} from './write.js';
