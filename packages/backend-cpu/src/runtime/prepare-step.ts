import { Tensor } from 'onnxruntime-common';
import type { GemmCall, KernelCall, MatrixAt, Step } from '../kernels/kernel.js';
import { productSession } from './onnx-session.js';

export type Kernels = Readonly<Record<string, (...args: number[]) => number | undefined>>;

/** Turns a step into a function that does it. @param alias all of memory, as ONNX Runtime takes it */
export function prepareStep(step: Step, kernels: Kernels, alias: ArrayBuffer): () => void {
  return 'kernel' in step ? prepareKernel(step, kernels) : prepareGemm(step, alias);
}

function prepareKernel({ kernel, arguments: args, failure }: KernelCall, kernels: Kernels) {
  const call = kernels[kernel];
  if (!call) throw new Error(`there is no kernel '${kernel}'`);
  return () => {
    const result = call(...args);
    if (result) throw new Error((failure ?? `${kernel} failed with {}`).replace('{}', `${result}`));
  };
}

function prepareGemm(call: GemmCall, alias: ArrayBuffer) {
  const { c, transposeA, transposeB, bias, accumulate = false, batch } = call;
  const stack = batch === undefined ? [] : [batch];
  const tensor = (address: number, shape: readonly number[]) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return new Tensor('float32', new Float32Array(alias, address, length), shape);
  };
  const matrix = ({ address, rows, columns }: MatrixAt) =>
    tensor(address, [...stack, rows, columns]);

  const addend = accumulate ? 'matrix' : bias === undefined ? 'none' : 'vector';
  const batched = batch !== undefined;
  const session = productSession({ transposeA, transposeB, addend, batched });
  const output = { c: matrix(c) };
  const input: Record<string, Tensor> = { a: matrix(call.a), b: matrix(call.b) };
  // Gemm copies the addend into the output first: over itself, which changes nothing.
  if (accumulate) input.addend = matrix(c);
  else if (bias !== undefined) input.addend = tensor(bias, [c.columns]);
  const options = {};
  return () => void session.run(input, output, options);
}
