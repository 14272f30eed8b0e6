import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import {
  type Backend,
  type DeviceState,
  type Executable,
  formatBytes,
  GAUSSIAN_TABLE_SIZE,
  type Graph,
  gaussianTable,
  type MemoryPlan,
  PlanError,
  planMemory,
  UsageError,
} from '@sketchgrad/core';
import { CpuExecutable, type Device } from './cpu-executable.js';
import { CpuState } from './cpu-state.js';
import { kernelFor } from './kernels/registry.js';
import { Arena } from './runtime/arena.js';
import { LIMIT_BYTES, RESERVED_BYTES, SharedMemory } from './runtime/shared-memory.js';
import { WorkerPool } from './runtime/worker-pool.js';

/** What {@link createBackend} is told. */
export interface CpuOptions {
  /** Worker threads; default: as many as the machine runs at once. Bits depend on the number. */
  readonly threads?: number;
}

class CpuBackend implements Backend {
  readonly name = 'cpu';
  readonly #threads: number;
  readonly #module: WebAssembly.Module;
  #device: Device | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(module: WebAssembly.Module, threads: number) {
    this.#module = module;
    this.#threads = threads;
  }

  createState(): DeviceState {
    return new CpuState(this.#started().memory);
  }

  plan(graph: Graph): MemoryPlan {
    return planMemory(graph, {
      scratchBytes: (node) => kernelFor(node).scratchBytes?.(node, this.#threads) ?? 0,
    });
  }

  async compile(graph: Graph, { state }: { state: DeviceState }): Promise<Executable> {
    if (!(state instanceof CpuState))
      throw new UsageError("the state was not made by this backend's createState()");
    const device = this.#started();
    const plan = this.plan(graph);
    const limit = LIMIT_BYTES - RESERVED_BYTES;
    if (plan.peakBytes > limit)
      throw new PlanError(
        `the plan needs ${formatBytes(plan.peakBytes)}; the CPU backend can address ${formatBytes(limit)}. A smaller batch or sequence, a lower rate or more recomputation would fit`,
        plan.peakBytes,
        limit,
      );
    return this.#exclusively(async () => {
      state.ensure(graph.persistents);
      device.arena.ensure(plan.arenaBytes);
      return new CpuExecutable(plan, graph, state, device);
    });
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
      const table = memory.allocate(GAUSSIAN_TABLE_SIZE * 4, 'the Gaussian table');
      memory.floats(table.address, GAUSSIAN_TABLE_SIZE).set(gaussianTable());
      this.#device = {
        memory,
        arena: new Arena(memory),
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
 * that share one WebAssembly memory of at most 4 GiB.
 *
 * @throws UsageError for a number of threads that is no whole number ≥ 1
 */
export async function createBackend({
  threads = availableParallelism(),
}: CpuOptions = {}): Promise<Backend> {
  if (!Number.isInteger(threads) || threads < 1)
    throw new UsageError(`threads must be a whole number of at least 1, not ${threads}`);
  const bytes = await readFile(new URL('./kernels.wasm', import.meta.url));
  return new CpuBackend(await WebAssembly.compile(bytes), threads);
}
