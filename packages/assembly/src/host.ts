// What backends do on the host that are no CPU backend: on one thread, over memory of the module's own.
export { dequantizeRows } from './kernels/dequantize';
export { dropoutFactors } from './kernels/dropout-factors';
export { fewBitGelu, fewBitGeluGradient } from './kernels/few-bit-gelu';
export { quantizeRows } from './kernels/quantize';
export { rotateFeatures } from './kernels/rotate-features';

/** Where room begins: behind the module's own data. */
export function roomBegin(): usize {
  return (__heap_base + 63) & ~63;
}
