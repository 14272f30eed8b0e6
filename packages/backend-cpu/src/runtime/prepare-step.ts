import type { Check, GemmCall, KernelCall, MatrixAt, Step } from '../kernels/kernel.js';
import type { Pointer } from './onnx-runtime.js';
import { prepareProduct, type TensorAt } from './onnx-session.js';
import { prepareCopy } from './prepare-copy.js';

export type Kernels = Readonly<Record<string, (...args: number[]) => number | undefined>>;

/** A step that is ready to run again and again. */
export interface PreparedStep {
  run(): void;
  release(): void;
}

/** What a thread's steps run on. */
export interface StepContext {
  readonly kernels: Kernels;
  /** The native address of WebAssembly's address 0. */
  readonly base: Pointer;
  readonly memory: WebAssembly.Memory;
  /** Blocks of the host store. */
  readonly host: readonly SharedArrayBuffer[];
}

export function prepareStep(
  step: Step,
  { kernels, base, memory, host }: StepContext,
): PreparedStep {
  if ('direction' in step) return prepareCopy(step, memory, host);
  return 'kernel' in step ? prepareKernel(step, kernels, memory) : prepareGemm(step, base);
}

function prepareKernel(
  { kernel, arguments: args, checks }: KernelCall,
  kernels: Kernels,
  memory: WebAssembly.Memory,
): PreparedStep {
  const call = kernels[kernel];
  if (!call) throw new Error(`there is no kernel '${kernel}'`);
  const fail = (position: number): never => {
    if (!checks) throw new Error(`${kernel} failed at position ${position}`);
    const { what, address } = checks;
    const numbers = 'limit' in checks ? Int32Array : Float32Array;
    const found = new numbers(memory.buffer, address, position + 1)[position];
    throw new Error(`${what} ${found} at position ${position} ${rule(checks)}`);
  };
  const run = () => {
    const result = call(...args);
    if (result) fail(result - 1);
  };
  return { run, release: () => undefined };
}

function rule(checks: Check): string {
  if (!('limit' in checks)) return `is not ${checks.accepted}`;
  const { limit, rising, step, least } = checks;
  if (!rising) return `is outside [0, ${limit})`;
  const each = step === undefined ? '' : `, at most ${step} each`;
  const last = least === undefined ? '' : `, the last one to at least ${least}`;
  return `is wrong: they must rise from 0 to at most ${limit}${each}${last}`;
}

/** @param base the native address of WebAssembly's address 0 */
export function prepareGemm(call: GemmCall, base: Pointer): PreparedStep {
  const { transposeA, transposeB, bias, accumulate = false } = call;
  const tensor = (address: number, ...shape: number[]): TensorAt => ({
    address: base + BigInt(address),
    shape,
  });
  const matrix = ({ address, rows, columns }: MatrixAt) => tensor(address, rows, columns);
  const [a, b, c] = [matrix(call.a), matrix(call.b), matrix(call.c)];
  const model = { transposeA, transposeB };
  // Gemm copies the addend into the output first: over itself, which changes nothing.
  if (accumulate) return prepareProduct({ ...model, addend: 'matrix' }, { a, b, c, addend: c });
  if (bias === undefined) return prepareProduct({ ...model, addend: 'none' }, { a, b, c });
  const addend = tensor(bias, call.c.columns);
  return prepareProduct({ ...model, addend: 'vector' }, { a, b, c, addend });
}
