// Every export is a kernel: (thread, threads, …) for the work that all threads share.
export * from './attention/heads';
export * from './attention/rows';
export * from './kernels/affine';
export * from './kernels/binary';
export * from './kernels/cross-entropy';
export * from './kernels/dropout';
export * from './kernels/elementwise';
export * from './kernels/gelu';
export * from './kernels/move';
export * from './kernels/normalize';
export * from './kernels/sketch-tile';
export * from './kernels/softmax';
export * from './kernels/sum';
export * from './kernels/update';
export * from './partial-sums';
export { threefryBlocks } from './random/threefry';
