import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import {
  alignUp,
  type Backend,
  byteLength,
  checkGraph,
  checkMemory,
  checkOptions,
  type DeviceState,
  describeValue,
  type Executable,
  GAUSSIAN_TABLE_SIZE,
  type Graph,
  gaussianTable,
  type MemoryPlan,
  PlanError,
  type PlanOptions,
  planMemory,
  planWithin,
  UsageError,
} from '@sketchgrad/core';
import { CpuExecutable, type Device } from './cpu-executable.js';
import { CpuState } from './cpu-state.js';
import { kernelFor } from './kernels/registry.js';
import { Arena, GUARD_BYTES } from './runtime/arena.js';
import { BLOCK_BYTES, HostStore } from './runtime/host-store.js';
import { machineMemory } from './runtime/machine-memory.js';
import { LIMIT_BYTES, RESERVED_BYTES, SharedMemory } from './runtime/shared-memory.js';
import { WorkerPool } from './runtime/worker-pool.js';

/** What {@link createBackend} is told. */
export interface CpuOptions {
  /** Worker threads; default: as many as the machine runs at once. Bits depend on the number. */
  readonly threads?: number;
  /**
   * Bytes that the arena may take at most; default: what state and tables leave of 4 GiB. Tensors of
   * a step that needs more wait in ordinary memory, from where they are copied back.
   */
  readonly arenaBytes?: number;
  /**
   * Bytes that a step's plan may take in all; default: the memory of the machine, or what its
   * container may have of it. A step that needs more is refused, as the system would end the process.
   */
  readonly memoryBytes?: number;
  /**
   * Bytes that the memory for waiting tensors grows by at a time, a multiple of 64; default: 64 MiB.
   * The system gives memory where it is written, so that less saves nothing but addresses.
   */
  readonly hostBlockBytes?: number;
}

const TABLE_BYTES = GAUSSIAN_TABLE_SIZE * Float32Array.BYTES_PER_ELEMENT;

class CpuBackend implements Backend {
  readonly name = 'cpu';
  readonly memoryBytes: number;
  readonly #threads: number;
  readonly #module: WebAssembly.Module;
  readonly #arenaBytes: number;
  readonly #hostBlockBytes: number;
  #device: Device | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(
    module: WebAssembly.Module,
    { threads, arenaBytes, memoryBytes, hostBlockBytes }: Required<CpuOptions>,
  ) {
    this.#module = module;
    this.#threads = threads;
    this.#arenaBytes = arenaBytes;
    this.#hostBlockBytes = hostBlockBytes;
    this.memoryBytes = memoryBytes;
  }

  get settings(): { readonly threads: number } {
    return { threads: this.#threads };
  }

  createState(): DeviceState {
    return new CpuState(this.#started().memory);
  }

  plan(graph: Graph): MemoryPlan {
    checkGraph('plan: graph', graph);
    const persistentBytes = graph.persistents.reduce(
      (sum, { value }) => sum + alignUp(byteLength(value)),
      0,
    );
    const room = LIMIT_BYTES - RESERVED_BYTES - TABLE_BYTES - GUARD_BYTES - persistentBytes;
    try {
      return planWithin(graph, this.#within(room)).plan;
    } catch (error) {
      // What it would take; compile() says that it does not fit.
      if (error instanceof PlanError) return planMemory(graph, this.#planOptions);
      throw error;
    }
  }

  async compile(graph: Graph, options: { state: DeviceState }): Promise<Executable> {
    checkGraph('compile: graph', graph);
    checkOptions('compile', options, { state: true });
    const { state } = options;
    if (!(state instanceof CpuState))
      throw new UsageError("the state was not made by this backend's createState()");
    const device = this.#started();
    const { arena, host } = device;
    return this.#exclusively(async () => {
      const room = arena.roomBytes - state.missingBytes(graph.persistents);
      let fitted = planWithin(graph, this.#within(room));
      checkMemory(fitted.plan, this.memoryBytes);
      state.ensure(graph.persistents);
      // New tensors may lie in the middle of what was free.
      if (fitted.plan.arenaBytes > arena.roomBytes)
        fitted = planWithin(graph, this.#within(arena.roomBytes));
      arena.ensure(fitted.plan.arenaBytes);
      host.ensure(fitted.plan.hostBytes);
      return new CpuExecutable(fitted.plan, fitted.graph, state, device);
    });
  }

  get #planOptions(): PlanOptions {
    return { scratchBytes: (node) => kernelFor(node).scratchBytes?.(node, this.#threads) ?? 0 };
  }

  /** How a graph is planned where the memory has `room` for the arena. */
  #within(room: number) {
    return { ...this.#planOptions, arenaBytes: Math.max(0, Math.min(this.#arenaBytes, room)) };
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#device?.pool.dispose();
    this.#device = undefined;
  }

  /** Memory and threads, made at the first use: planning needs neither. */
  #started(): Device {
    if (this.#disposed) throw new UsageError('the CPU backend was disposed');
    if (!this.#device) {
      const memory = new SharedMemory();
      const table = memory.allocate(TABLE_BYTES, 'the Gaussian table');
      memory.floats(table.address, GAUSSIAN_TABLE_SIZE).set(gaussianTable());
      this.#device = {
        memory,
        arena: new Arena(memory),
        host: new HostStore(this.#hostBlockBytes),
        pool: new WorkerPool(memory.memory, this.#module, this.#threads),
        gaussianTable: table.address,
        exclusively: (work) => this.#exclusively(work),
      };
    }
    return this.#device;
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }
}

/**
 * The CPU backend: ONNX Runtime's matrix products and WebAssembly SIMD kernels, on worker threads
 * that share one WebAssembly memory of at most 4 GiB; what waits in a larger step lies beside it.
 *
 * @throws UsageError for a number of threads that is no whole number ≥ 1, an arena or memory of no
 * bytes, or blocks of no multiple of 64 bytes
 */
export async function createBackend(options: CpuOptions = {}): Promise<Backend> {
  checkOptions('the cpu backend', options, {
    ...{ threads: true, arenaBytes: true, memoryBytes: true, hostBlockBytes: true },
  });
  const {
    threads = availableParallelism(),
    arenaBytes = LIMIT_BYTES,
    memoryBytes = machineMemory(),
    hostBlockBytes = BLOCK_BYTES,
  } = options;
  if (!Number.isInteger(threads) || threads < 1)
    throw new UsageError(
      `threads must be a whole number of at least 1, not ${describeValue(threads)}`,
    );
  for (const [name, bytes] of Object.entries({ arenaBytes, memoryBytes }))
    if (!(typeof bytes === 'number' && bytes > 0))
      throw new UsageError(`${name} must be a number above 0, not ${describeValue(bytes)}`);
  if (
    !(Number.isInteger(hostBlockBytes) && hostBlockBytes > 0) ||
    !Number.isSafeInteger(hostBlockBytes / 64)
  )
    throw new UsageError(
      `hostBlockBytes must be a multiple of 64 above 0, not ${describeValue(hostBlockBytes)}`,
    );
  const bytes = await readFile(new URL('./kernels.wasm', import.meta.url));
  const module = await WebAssembly.compile(bytes);
  return new CpuBackend(module, { threads, arenaBytes, memoryBytes, hostBlockBytes });
}
