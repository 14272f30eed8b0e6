import { readFileSync } from 'node:fs';

const file = new URL('../../dist/kernels.wasm', import.meta.url);
const module = new WebAssembly.Module(readFileSync(file));

type Numbers = Float32Array | Float64Array | Int32Array;

type Exports = Record<string, (...args: number[]) => number | undefined>;

/** Fills what lies between tensors: a kernel that writes there is found out. */
const CANARY = 0x5ca1ab1e;

/** A tensor in the kernels' memory. */
export interface Placed<T extends Numbers = Float32Array> {
  readonly address: number;
  /** A view, which shows what a kernel wrote. */
  readonly data: T;
}

/** The kernels on a memory of their own, called for one thread after another. */
export class Kernels {
  readonly #memory = new WebAssembly.Memory({ initial: 256, maximum: 65536, shared: true });
  readonly #exports: Exports;
  readonly #gaps: Int32Array[] = [];
  #next = 65536;

  constructor(readonly threads = 1) {
    // Long sequences, which alone ask for products, are conformance's, where ONNX Runtime makes them.
    const product = () => {
      throw new Error('there is no matrix library');
    };
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory, product } });
    this.#exports = instance.exports as unknown as Exports;
  }

  /** Copies numbers into the memory, 64-byte aligned, with a guarded gap behind them. */
  place<T extends Numbers>(data: T): Placed<T> {
    const address = this.#next;
    const end = address + data.byteLength;
    this.#next = Math.ceil(end / 64) * 64 + 64;
    const gap = new Int32Array(this.#memory.buffer, end, (this.#next - end) / 4).fill(CANARY);
    this.#gaps.push(gap);
    const type = data.constructor as new (buffer: ArrayBufferLike, at: number, n: number) => T;
    const view = new type(this.#memory.buffer, address, data.length);
    view.set(data);
    return { address, data: view };
  }

  /** Room for n floats that a kernel will write. */
  room(n: number): Placed {
    return this.place(new Float32Array(n).fill(Number.NaN));
  }

  /** Runs a kernel that shares work: once for each thread. Gives the first result that is not 0. */
  run(kernel: string, ...args: number[]): number {
    let failure = 0;
    for (let thread = 0; thread < this.threads; thread++)
      failure ||= this.call(kernel, thread, this.threads, ...args);
    return failure;
  }

  /** Runs a kernel once. @throws when it wrote where no tensor is */
  call(kernel: string, ...args: number[]): number {
    const result = this.#exports[kernel]!(...args) ?? 0;
    for (const gap of this.#gaps)
      if (gap.some((word) => word !== CANARY)) throw new Error(`${kernel} wrote behind a tensor`);
    return result;
  }
}

/** Numbers in (-size, size), the same at every run. */
export function numbers(n: number, seed = 1, size = 3): Float32Array {
  let state = seed * 2654435761;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * size;
  });
}

/** The largest |a − b| / max(floor, |b|); infinite where one is not finite and the other is another. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>, floor = 1): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < b.length; i++) {
    if (Object.is(a[i], b[i])) continue;
    const error = Math.abs(a[i]! - b[i]!) / Math.max(floor, Math.abs(b[i]!));
    worst = Math.max(worst, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  }
  return worst;
}

/** Lengths around the kernels' steps of 4, 8 and 16, and longer ones. */
export const LENGTHS = [0, 1, 2, 3, 4, 5, 15, 16, 17, 31, 33, 64, 100, 257, 1000];

/** One thread, and more than divide evenly. */
export const THREADS = [1, 3];
