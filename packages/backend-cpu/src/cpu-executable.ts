import {
  alignUp,
  BackendError,
  type Executable,
  elements,
  type Graph,
  isPersistent,
  type MemoryPlan,
  type OpTime,
  type RunOptions,
  rootOf,
  type TensorData,
  UsageError,
  type Value,
} from '@sketchgrad/core';
import { checkInputs, opTimes, outputsToRead, type Turns } from '@sketchgrad/core/backend';
import type { CpuState } from './cpu-state.js';
import type { LoweringContext, Phase } from './kernels/kernel.js';
import { kernelFor } from './kernels/registry.js';
import type { Arena } from './runtime/arena.js';
import type { HostStore } from './runtime/host-store.js';
import type { SharedMemory } from './runtime/shared-memory.js';
import type { WorkerPool } from './runtime/worker-pool.js';

/** What all executables of a backend share. */
export interface Device {
  readonly memory: SharedMemory;
  readonly arena: Arena;
  readonly host: HostStore;
  readonly pool: WorkerPool;
  readonly gaussianTable: number;
  /** One thing at a time happens on the device. */
  readonly turns: Turns;
  /** @throws UsageError once the backend is disposed of */
  expectUsable(): void;
}

let nextProgram = 0;

/** A planned graph as a program of the worker threads. */
export class CpuExecutable implements Executable {
  readonly #id = nextProgram++;
  readonly #seconds: Float64Array;
  #loadedFor: number | undefined;
  #runs = 0;
  #touched = 0;
  #hostTouched = 0;
  #disposed = false;

  constructor(
    readonly plan: MemoryPlan,
    private readonly graph: Graph,
    private readonly state: CpuState,
    private readonly device: Device,
  ) {
    const bytes = Math.max(plan.schedule.length, 1) * Float64Array.BYTES_PER_ELEMENT;
    this.#seconds = new Float64Array(new SharedArrayBuffer(bytes));
  }

  async run(
    inputs: Readonly<Record<string, TensorData>>,
    options?: RunOptions,
  ): Promise<Record<string, TensorData>> {
    this.#expectUsable();
    const read = outputsToRead(this.graph, options);
    checkInputs(this.graph, inputs);
    const { turns } = this.device;
    // What runs at once takes its inputs before this call returns.
    const given = turns.idle ? inputs : copied(inputs);
    return turns.take(() => this.#run(given, read));
  }

  async #run(
    inputs: Readonly<Record<string, TensorData>>,
    read: ReturnType<typeof outputsToRead>,
  ): Promise<Record<string, TensorData>> {
    this.#expectUsable();
    const { arena, host, pool } = this.device;
    const { arenaBytes, hostBytes } = this.plan;
    arena.ensure(arenaBytes);
    host.ensure(hostBytes);
    const isNew = this.#loadedFor !== arena.version;
    if (isNew) {
      arena.mark(arenaBytes);
      host.mark(hostBytes);
    }
    for (const { name, value } of this.graph.inputs) this.#view(value).set(inputs[name]!);
    if (isNew || arena.lastRun !== this.#id)
      for (const { value, data } of this.plan.constants) this.#view(value).set(data);
    arena.lastRun = this.#id;
    if (isNew) await this.#load();
    await pool.run(this.#id);
    this.#runs++;
    if (isNew) {
      this.#touched = Math.max(this.#touched, arena.touchedBytes(arenaBytes));
      this.#hostTouched = Math.max(this.#hostTouched, host.touchedBytes(hostBytes));
    }
    return Object.fromEntries(read.map(([name, value]) => [name, this.#view(value).slice()]));
  }

  measuredPeakBytes(): number {
    return this.plan.persistentBytes + alignUp(this.#touched) + alignUp(this.#hostTouched);
  }

  async profile(): Promise<readonly OpTime[]> {
    return this.device.turns.take(async () =>
      opTimes(this.plan.schedule, this.#seconds, this.#runs),
    );
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#loadedFor !== undefined) await this.device.pool.unload(this.#id);
  }

  /** @throws UsageError once it, its state or its backend is disposed of */
  #expectUsable(): void {
    if (this.#disposed) throw new UsageError('the executable was disposed of');
    this.device.expectUsable();
    this.state.expectHeld();
  }

  /** Gives the workers their programs. */
  async #load(): Promise<void> {
    const { arena, host, pool } = this.device;
    const { phases, nodes } = this.#lower();
    const names = this.plan.schedule.map(({ op, scope }) => `${op.name}${scope && ` in ${scope}`}`);
    await pool.load((thread) => ({
      id: this.#id,
      phases: phases.map((phase) => phase(thread)),
      nodes,
      names,
      seconds: this.#seconds,
      host: host.blocks(this.plan.hostBytes),
    }));
    this.#loadedFor = arena.version;
  }

  #lower(): { phases: Phase[]; nodes: number[] } {
    const { arena, pool, gaussianTable } = this.device;
    const context: LoweringContext = {
      threads: pool.threads,
      gaussianTable,
      address: (value) => this.#address(value),
      hostOffset: (value) => this.plan.places.get(value)!.offset,
      scratch: (node) => {
        const place = this.plan.scratch.get(node);
        if (!place) throw new BackendError(`${node.op.name} was planned without scratch memory`);
        return arena.address + place.offset;
      },
    };
    const phases: Phase[] = [];
    const nodes: number[] = [];
    this.plan.schedule.forEach((node, at) => {
      for (const phase of kernelFor(node).lower(node, context)) {
        phases.push(phase);
        nodes.push(at);
      }
    });
    return { phases, nodes };
  }

  #address(value: Value): number {
    const root = rootOf(value);
    if (isPersistent(root)) return this.state.address(root.node.attributes.name as string);
    return this.device.arena.address + this.plan.places.get(value)!.offset;
  }

  #view(value: Value): TensorData {
    const { memory } = this.device;
    const address = this.#address(value);
    return value.dtype === 'i32'
      ? memory.integers(address, elements(value))
      : memory.floats(address, elements(value));
  }
}

const copied = (inputs: Readonly<Record<string, TensorData>>): Record<string, TensorData> =>
  Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, data.slice()]));
