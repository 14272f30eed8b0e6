import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BackendError } from '@sketchgrad/core';
import koffi from 'koffi';

/** A native object's address. */
export type Pointer = bigint;

/** The version of ONNX Runtime's C interface that is asked for; later libraries still offer it. */
const API_VERSION = 17;

/**
 * Positions in the table of functions that the library gives out, and their types. The first
 * hundred have been fixed since the interface's version 1 (onnxruntime_c_api.h, struct OrtApi).
 */
const FUNCTIONS = {
  getErrorMessage: [2, 'const char *getErrorMessage(void *status)'],
  createEnvironment: [3, 'void *createEnvironment(int level, const char *id, _Out_ void **out)'],
  createSession: [
    8,
    'void *createSession(void *environment, const void *model, size_t bytes, void *options, _Out_ void **out)',
  ],
  // Names and values by address: arrays would be made anew at each of a step's thousands of calls.
  run: [
    9,
    'void *run(void *session, void *options, void *inputNames, void *inputs, size_t inputCount, void *outputNames, size_t outputCount, void *outputs)',
  ],
  createSessionOptions: [10, 'void *createSessionOptions(_Out_ void **out)'],
  disableMemoryPattern: [17, 'void *disableMemoryPattern(void *options)'],
  disableCpuArena: [19, 'void *disableCpuArena(void *options)'],
  setIntraOpThreads: [24, 'void *setIntraOpThreads(void *options, int threads)'],
  setInterOpThreads: [25, 'void *setInterOpThreads(void *options, int threads)'],
  createTensor: [
    49,
    'void *createTensor(void *info, void *data, size_t bytes, int64_t *shape, size_t rank, int type, _Out_ void **out)',
  ],
  createCpuMemoryInfo: [69, 'void *createCpuMemoryInfo(int allocator, int type, _Out_ void **out)'],
  releaseStatus: [93, 'void releaseStatus(void *status)'],
  releaseValue: [96, 'void releaseValue(void *value)'],
} as const;

type Name = keyof typeof FUNCTIONS;

type Call = (...args: unknown[]) => unknown;

/** Which version of it there is. */
export function onnxRuntimeVersion(): string {
  const manifest = createRequire(import.meta.url)('onnxruntime-node/package.json') as {
    readonly version: string;
  };
  return manifest.version;
}

/** The library that the package onnxruntime-node ships for this system. */
function libraryPath(): string {
  const root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const folder = join(root, 'bin', 'napi-v6', process.platform, process.arch);
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch (cause) {
    const system = `${process.platform} on ${process.arch}`;
    throw new BackendError(`onnxruntime-node has no library for ${system} (${folder})`, { cause });
  }
  const file = files.find((name) => /^(lib)?onnxruntime(\.so|\.\d|\.dll)/.test(name));
  if (!file) throw new BackendError(`onnxruntime-node's folder ${folder} holds no library`);
  return join(folder, file);
}

/**
 * ONNX Runtime through its C interface. The npm package's own binding copies each output into a new
 * buffer and refuses shared memory; the interface beneath it reads and writes where it is told to.
 */
class OnnxRuntime {
  /** Held, because a library that nothing refers to is unloaded, code and all. */
  readonly #library = koffi.load(libraryPath());
  readonly #call: Readonly<Record<Name, Call>>;

  constructor() {
    const base = this.#library.func('void *OrtGetApiBase()')() as Pointer;
    const [getApi] = koffi.decode(base, koffi.array('void *', 1)) as [Pointer];
    const api = koffi.call(getApi, koffi.proto('void *getApi(uint32_t)'), API_VERSION) as Pointer;
    const functions = koffi.decode(api, koffi.array('void *', 100)) as Pointer[];
    const bind = (name: Name) => {
      const [at, signature] = FUNCTIONS[name];
      return koffi.decode(functions[at]!, koffi.proto(signature)) as Call;
    };
    const names = Object.keys(FUNCTIONS) as Name[];
    this.#call = Object.fromEntries(names.map((name) => [name, bind(name)])) as Record<Name, Call>;
  }

  /** Calls a function that returns a status. @throws BackendError with the library's message */
  try(name: Name, ...args: unknown[]): void {
    const status = this.#call[name](...args);
    if (!status) return;
    const message = this.#call.getErrorMessage(status) as string;
    this.#call.releaseStatus(status);
    throw new BackendError(`ONNX Runtime: ${message}`);
  }

  /** Calls a function whose last parameter is where it writes a pointer. @throws BackendError */
  make(name: Name, ...args: unknown[]): Pointer {
    const out: [Pointer | null] = [null];
    this.try(name, ...args, out);
    return out[0]!;
  }

  releaseValue(value: Pointer): void {
    this.#call.releaseValue(value);
  }
}

let loaded: OnnxRuntime | undefined;

/** The library, loaded at the first use on a thread. @throws BackendError where there is none */
export function onnxRuntime(): OnnxRuntime {
  loaded ??= new OnnxRuntime();
  return loaded;
}
