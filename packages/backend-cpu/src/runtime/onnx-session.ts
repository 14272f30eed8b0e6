import koffi from 'koffi';
import { type ProductModel, productModel } from './onnx-model.js';
import { onnxRuntime, type Pointer } from './onnx-runtime.js';

const LOG_WARNINGS = 2;
const FLOAT = 1;
/** Allocator and memory type "device" and "default": memory that is the caller's. */
const CALLERS_MEMORY = [1, 0] as const;

/** Addresses one behind the other, where they stay: in memory that no garbage collector moves. */
class Pointers {
  readonly #memory: BigInt64Array;
  /** Where they lie, for as long as this object is held. */
  readonly address: Pointer;

  constructor(pointers: readonly Pointer[]) {
    this.#memory = new BigInt64Array(
      new ArrayBuffer(pointers.length * BigInt64Array.BYTES_PER_ELEMENT),
    );
    this.#memory.set(pointers);
    this.address = koffi.address(this.#memory) as Pointer;
  }
}

const NAMES = ['a', 'b', 'addend', 'c'].map((name) => Buffer.from(`${name}\0`));
const [A, B, ADDEND, C] = NAMES.map((name) => koffi.address(name) as Pointer) as [...Pointer[]] as [
  Pointer,
  Pointer,
  Pointer,
  Pointer,
];
const INPUT_NAMES = new Pointers([A, B, ADDEND]);
const OUTPUT_NAMES = new Pointers([C]);

let environment: Pointer | undefined;
let memoryInfo: Pointer | undefined;
const sessions = new Map<string, Pointer>();

/**
 * A single-threaded ONNX Runtime session for a matrix product, one for each kind. Each worker thread
 * has its own: it is the workers that share the work.
 */
function productSession(model: ProductModel): Pointer {
  const name = JSON.stringify(model);
  const known = sessions.get(name);
  if (known) return known;
  const runtime = onnxRuntime();
  environment ??= runtime.make('createEnvironment', LOG_WARNINGS, 'sketchgrad');
  const options = runtime.make('createSessionOptions');
  runtime.try('setIntraOpThreads', options, 1);
  runtime.try('setInterOpThreads', options, 1);
  runtime.try('disableCpuArena', options);
  runtime.try('disableMemoryPattern', options);
  const bytes = productModel(model);
  const session = runtime.make('createSession', environment, bytes, bytes.length, options);
  sessions.set(name, session);
  return session;
}

/** A tensor over memory at an address, which must stay where it is. */
export interface TensorAt {
  readonly address: Pointer;
  readonly shape: readonly number[];
}

/** A product whose operands are fixed, ready to run again and again. */
export interface PreparedProduct {
  run(): void;
  release(): void;
}

/** @throws BackendError when ONNX Runtime refuses a shape */
export function prepareProduct(
  model: ProductModel,
  { a, b, c, addend }: { a: TensorAt; b: TensorAt; c: TensorAt; addend?: TensorAt },
): PreparedProduct {
  const runtime = onnxRuntime();
  const session = productSession(model);
  memoryInfo ??= runtime.make('createCpuMemoryInfo', ...CALLERS_MEMORY);
  const tensor = ({ address, shape }: TensorAt): Pointer => {
    const bytes = shape.reduce((product, size) => product * size, Float32Array.BYTES_PER_ELEMENT);
    const sizes = BigInt64Array.from(shape, BigInt);
    return runtime.make('createTensor', memoryInfo, address, bytes, sizes, sizes.length, FLOAT);
  };
  const values = [a, b, ...(addend ? [addend] : []), c].map(tensor);
  const inputs = new Pointers(values.slice(0, -1));
  const outputs = new Pointers(values.slice(-1));
  const count = values.length - 1;
  return {
    run: () =>
      runtime.try(
        'run',
        ...[session, null, INPUT_NAMES.address, inputs.address, count],
        ...[OUTPUT_NAMES.address, 1, outputs.address],
      ),
    release: () => {
      for (const value of values) runtime.releaseValue(value);
    },
  };
}
