import { Tensor } from 'onnxruntime-common';
import type { GemmCall, KernelCall, MatrixAt, Step } from '../kernels/kernel.js';
import { gemmSession } from './onnx-session.js';

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
  const matrix = ({ address, rows, columns }: MatrixAt) =>
    new Tensor('float32', new Float32Array(alias, address, rows * columns), [rows, columns]);
  const { c, transposeA, transposeB, bias, accumulate } = call;
  const output = { c: matrix(c) };
  const input = { a: matrix(call.a), b: matrix(call.b) };
  const options = {};
  if (accumulate) {
    const session = gemmSession({ transposeA, transposeB, addend: 'matrix' });
    const feeds = { ...input, addend: matrix(c) };
    return () => void session.run(feeds, output, options);
  }
  if (bias !== undefined) {
    const session = gemmSession({ transposeA, transposeB, addend: 'vector' });
    const vector = new Float32Array(alias, bias, c.columns);
    const feeds = { ...input, addend: new Tensor('float32', vector, [c.columns]) };
    return () => void session.run(feeds, output, options);
  }
  const session = gemmSession({ transposeA, transposeB, addend: 'none' });
  return () => void session.run(input, output, options);
}
