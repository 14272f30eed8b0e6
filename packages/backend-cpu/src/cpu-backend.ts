import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import {
  ALIGNMENT,
  alignUp,
  type Backend,
  byteLength,
  checkGraph,
  checkMemory,
  checkOptions,
  type DeviceLimits,
  type DeviceState,
  describeValue,
  type Executable,
  GAUSSIAN_TABLE_SIZE,
  type Graph,
  gaussianTable,
  type MemoryPlan,
  planWithin,
  type SpillOptions,
  UsageError,
} from '@sketchgrad/core';
import { machineMemory, planOrSpill, Turns } from '@sketchgrad/core/backend';
import { CpuExecutable, type Device } from './cpu-executable.js';
import { CpuState } from './cpu-state.js';
import { kernelFor } from './kernels/registry.js';
import { Arena, GUARD_BYTES } from './runtime/arena.js';
import { BLOCK_BYTES, HostStore } from './runtime/host-store.js';
import { onnxRuntimeVersion } from './runtime/onnx-runtime.js';
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
  readonly limits: DeviceLimits;
  readonly #threads: number;
  readonly #module: WebAssembly.Module;
  readonly #hostBlockBytes: number;
  readonly #turns = new Turns();
  #device: Device | undefined;
  #disposed = false;

  constructor(
    module: WebAssembly.Module,
    { threads, arenaBytes, memoryBytes, hostBlockBytes }: Required<CpuOptions>,
  ) {
    this.#module = module;
    this.#threads = threads;
    this.#hostBlockBytes = hostBlockBytes;
    this.limits = { memoryBytes, arenaBytes };
  }

  get settings(): { readonly threads: number } {
    return { threads: this.#threads };
  }

  get versions(): Readonly<Record<string, string>> {
    return { 'onnxruntime-node': onnxRuntimeVersion() };
  }

  createState(): DeviceState {
    return new CpuState(this.#started().memory, this.#turns, () => this.#expectUsable());
  }

  plan(graph: Graph, state?: DeviceState): MemoryPlan {
    checkGraph('plan: graph', graph);
    this.#expectUsable();
    const missing = state ? this.#own(state).missingBytes(graph.persistents) : allBytes(graph);
    return planOrSpill(graph, this.#within(missing));
  }

  async compile(graph: Graph, options: { state: DeviceState }): Promise<Executable> {
    checkGraph('compile: graph', graph);
    checkOptions('compile', options, { state: true });
    const device = this.#started();
    const own = this.#own(options.state);
    const { arena, host } = device;
    return this.#turns.take(async () => {
      const fitted = planWithin(graph, this.#within(own.missingBytes(graph.persistents)));
      checkMemory(fitted.plan, this.limits.memoryBytes);
      own.ensure(graph.persistents);
      arena.ensure(fitted.plan.arenaBytes);
      host.ensure(fitted.plan.hostBytes);
      return new CpuExecutable(fitted.plan, fitted.graph, own, device);
    });
  }

  /** How a graph is planned where tensors of these sizes are allocated before. */
  #within(missing: readonly number[]): SpillOptions {
    const room = this.#device
      ? this.#device.arena.roomBytes(missing)
      : LIMIT_BYTES - RESERVED_BYTES - TABLE_BYTES - GUARD_BYTES - sum(missing);
    return {
      alignment: ALIGNMENT,
      scratchBytes: (node) => kernelFor(node).scratchBytes?.(node, this.#threads) ?? 0,
      arenaBytes: Math.max(0, Math.min(this.limits.arenaBytes, room)),
    };
  }

  /** What runs is waited for. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#turns.take(async () => this.#device?.pool.dispose());
    this.#device = undefined;
  }

  /** @throws UsageError once it is disposed of */
  #expectUsable(): void {
    if (this.#disposed) throw new UsageError('the CPU backend was disposed of');
  }

  /** @throws UsageError for a state that another backend, or another CPU backend, made */
  #own(state: DeviceState): CpuState {
    if (state instanceof CpuState && state.memory === this.#started().memory) return state;
    throw new UsageError(
      "the state must be one that this backend's createState() made: another's memory is not its own",
    );
  }

  /** Memory and threads, made at the first use: planning needs neither. */
  #started(): Device {
    this.#expectUsable();
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
        turns: this.#turns,
        expectUsable: () => this.#expectUsable(),
      };
    }
    return this.#device;
  }
}

/** Bytes of each of a graph's persistent tensors. */
const allBytes = ({ persistents }: Graph): number[] =>
  persistents.map(({ value }) => alignUp(byteLength(value)));

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

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
