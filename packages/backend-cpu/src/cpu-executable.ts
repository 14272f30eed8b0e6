import {
  alignUp,
  BackendError,
  describeValue,
  type Executable,
  elements,
  formatType,
  type Graph,
  isPersistent,
  type MemoryPlan,
  type OpTime,
  rootOf,
  type TensorData,
  UsageError,
  type Value,
} from '@sketchgrad/core';
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
  /** Runs one thing at a time on the device. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
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

  run(inputs: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>> {
    return this.device.exclusively(async () => {
      if (this.#disposed) throw new UsageError('the executable was disposed');
      this.#checkInputs(inputs);
      const measuring = await this.#load();
      const { arena, host, pool } = this.device;
      const { arenaBytes, hostBytes } = this.plan;
      if (measuring) {
        arena.mark(arenaBytes);
        host.mark(hostBytes);
      }
      for (const { name, value } of this.graph.inputs) this.#view(value).set(inputs[name]!);
      for (const { value, data } of this.graph.constants) this.#view(value).set(data);
      await pool.run(this.#id);
      this.#runs++;
      if (measuring) {
        this.#touched = Math.max(this.#touched, arena.touchedBytes(arenaBytes));
        this.#hostTouched = Math.max(this.#hostTouched, host.touchedBytes(hostBytes));
      }
      return Object.fromEntries(
        Object.entries(this.graph.outputs).map(([name, value]) => [
          name,
          this.#view(value).slice(),
        ]),
      );
    });
  }

  measuredPeakBytes(): number {
    return this.plan.persistentBytes + alignUp(this.#touched) + alignUp(this.#hostTouched);
  }

  profile(): readonly OpTime[] {
    const times = new Map<string, { calls: number; seconds: number }>();
    this.plan.schedule.forEach(({ op }, at) => {
      const known = times.get(op.name) ?? { calls: 0, seconds: 0 };
      times.set(op.name, {
        calls: known.calls + this.#runs,
        seconds: known.seconds + this.#seconds[at]!,
      });
    });
    return [...times].map(([op, time]) => ({ op, ...time })).sort((a, b) => b.seconds - a.seconds);
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#loadedFor !== undefined) await this.device.pool.unload(this.#id);
  }

  /** Gives the workers their programs, unless they have them; true when it did. */
  async #load(): Promise<boolean> {
    const { arena, host, pool } = this.device;
    arena.ensure(this.plan.arenaBytes);
    host.ensure(this.plan.hostBytes);
    if (this.#loadedFor === arena.version) return false;
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
    return true;
  }

  #lower(): { phases: Phase[]; nodes: number[] } {
    const { arena, pool, gaussianTable } = this.device;
    const context: LoweringContext = {
      threads: pool.threads,
      gaussianTable,
      address: (value) => this.#address(value),
      hostOffset: (value) => this.plan.offsets.get(value)!,
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
    return this.device.arena.address + this.plan.offsets.get(value)!;
  }

  #view(value: Value): TensorData {
    const { memory } = this.device;
    const address = this.#address(value);
    return value.dtype === 'i32'
      ? memory.integers(address, elements(value))
      : memory.floats(address, elements(value));
  }

  #checkInputs(inputs: Readonly<Record<string, TensorData>>): void {
    if (typeof inputs !== 'object' || inputs === null)
      throw new UsageError(
        `run() takes the graph's inputs by name, but it is given ${describeValue(inputs)}`,
      );
    for (const { name, value } of this.graph.inputs) {
      const data = inputs[name];
      if (data === undefined)
        throw new UsageError(`the input '${name}', ${formatType(value)}, is missing`);
      const isInteger = data instanceof Int32Array;
      if (!isInteger && !(data instanceof Float32Array))
        throw new UsageError(
          `the input '${name}' is ${formatType(value)} and cannot be ${describeValue(data)}`,
        );
      if (isInteger !== (value.dtype === 'i32') || data.length !== elements(value))
        throw new UsageError(
          `the input '${name}' is ${formatType(value)}, not ${data.length} numbers of ${isInteger ? 'i32' : 'f32'}`,
        );
    }
    const known = new Set(this.graph.inputs.map(({ name }) => name));
    for (const name of Object.keys(inputs))
      if (!known.has(name))
        throw new UsageError(`there is no input '${name}'; there are: ${[...known].join(', ')}`);
  }
}
