import type { Tensor } from '@tensorflow/tfjs-core';

/** Disposes of tensors that are used up. */
export function done(...tensors: readonly Tensor[]): void {
  for (const tensor of tensors) tensor.dispose();
}
