export { type Append, writeFileAtomically } from './atomic-file.js';
export { openCheckpoint, openSharded } from './checkpoint.js';
export type { FloatDType, SafetensorsDType, TensorInfo } from './dtypes.js';
export { type ByteSource, openFile } from './file-source.js';
export { openSafetensors, readSafetensors, type TensorStore } from './read.js';
export { type FloatTensor, type RawTensor, type WriteOptions, writeSafetensors } from './write.js';
