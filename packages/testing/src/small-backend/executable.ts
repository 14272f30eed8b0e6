import {
  type Allocation,
  BackendError,
  type Executable,
  type Graph,
  isPersistent,
  type MemoryPlan,
  type Node,
  type OpTime,
  type RunOptions,
  rootOf,
  type TensorData,
  UsageError,
  type Value,
} from '@sketchgrad/core';
import { checkInputs, opTimes, outputsToRead } from '@sketchgrad/core/backend';
import {
  type KernelCall,
  type Numbers,
  type ReferenceKernel,
  referenceKernels,
} from '@sketchgrad/core/reference';
import type { SmallDevice } from './device.js';
import type { SmallState } from './state.js';

type Inputs = Readonly<Record<string, TensorData>>;

interface Step {
  readonly kernel: ReferenceKernel;
  readonly call: KernelCall;
}

/** What an executable is made of. */
export interface Compiled {
  readonly graph: Graph;
  readonly plan: MemoryPlan;
  readonly state: SmallState;
  readonly device: SmallDevice;
}

/**
 * A graph whose tensors lie where its plan puts them and are poisoned when it says that they die, so
 * that whatever a plan has wrong becomes a wrong number or an error.
 */
export class SmallExecutable implements Executable {
  readonly #compiled: Compiled;
  readonly #steps: readonly Step[];
  readonly #constants: readonly Allocation[];
  readonly #seconds: Float64Array;
  /** Where what was used of each buffer ends. */
  readonly #touched: Float64Array;
  /** What was written in this run and has not died. */
  readonly #alive = new Set<Allocation>();
  #runs = 0;
  #disposed = false;

  /** @throws BackendError for an op without a kernel, or where something is to wait in a host store */
  constructor(compiled: Compiled) {
    const { graph, plan, state, device } = compiled;
    const kernels = plan.schedule.map(kernelOf);
    this.#compiled = compiled;
    this.#constants = plan.constants.map(({ value }) => plan.places.get(value)!);
    this.#seconds = new Float64Array(plan.schedule.length);
    this.#touched = new Float64Array(device.buffers.count);
    state.ensure(graph.persistents);
    this.#steps = plan.schedule.map((node, at) => {
      const tensor = (value: Value) => ({ shape: value.shape, data: this.#numbers(value) });
      const { attributes, inputs, outputs } = node;
      const [given, made] = [inputs.map(tensor), outputs.map(tensor)];
      return { kernel: kernels[at]!, call: { node, attributes, inputs: given, outputs: made } };
    });
  }

  get plan(): MemoryPlan {
    return this.#compiled.plan;
  }

  async run(inputs: Inputs, options?: RunOptions): Promise<Record<string, TensorData>> {
    const { graph, device } = this.#compiled;
    this.#expectUsable();
    const read = outputsToRead(graph, options);
    checkInputs(graph, inputs);
    const copies = Object.entries(inputs).map(([name, data]) => [name, data.slice()]);
    const given = Object.fromEntries(copies);
    return device.turns.take(() => this.#run(given, read));
  }

  measuredPeakBytes(): number {
    const { graph, state } = this.#compiled;
    const held = graph.persistents.map(({ name }) => state.held(name).bytes);
    return [...held, ...this.#touched].reduce((all, bytes) => all + bytes, 0);
  }

  async profile(): Promise<readonly OpTime[]> {
    return this.#compiled.device.turns.take(async () =>
      opTimes(this.plan.schedule, this.#seconds, this.#runs),
    );
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
  }

  async #run(
    inputs: Inputs,
    read: ReturnType<typeof outputsToRead>,
  ): Promise<Record<string, TensorData>> {
    const { device } = this.#compiled;
    // What is asked for is done later, as on a device that works beside its program.
    await Promise.resolve();
    this.#expectUsable();
    try {
      return await this.#work(inputs, read);
    } catch (error) {
      device.buffers.poisonAll();
      this.#alive.clear();
      device.resident = undefined;
      throw error;
    }
  }

  async #work(
    inputs: Inputs,
    read: ReturnType<typeof outputsToRead>,
  ): Promise<Record<string, TensorData>> {
    const { graph, plan, device } = this.#compiled;
    this.#uploadConstants();
    for (const { name, value } of graph.inputs) {
      this.#numbers(value).set(inputs[name]!);
      this.#write(value);
    }
    let results: Record<string, TensorData> = {};
    for (const [at, dying] of plan.dies.entries()) {
      const step = this.#steps[at];
      if (step) {
        for (const value of step.call.node.inputs) this.#expectAlive(value);
        const start = performance.now();
        step.kernel.run(step.call);
        this.#seconds[at]! += (performance.now() - start) / 1000;
        for (const value of step.call.node.outputs) this.#write(value);
        await Promise.resolve();
      }
      if (at === plan.dies.length - 1)
        results = Object.fromEntries(
          read.map(([name, value]) => [name, this.#numbers(value).slice() as TensorData]),
        );
      for (const one of dying) {
        device.buffers.poison(one);
        this.#alive.delete(one);
      }
    }
    const [left] = this.#alive;
    if (left)
      throw new BackendError(
        `the plan lets nothing of what '${left.values[0]!.node.op.name}' makes die, at byte ${left.offset} of buffer ${left.buffer}`,
      );
    this.#runs++;
    return results;
  }

  /** Once, while no other executable has run since. */
  #uploadConstants(): void {
    const { plan, device } = this.#compiled;
    if (device.resident?.of === this) return;
    for (const one of device.resident?.constants ?? []) device.buffers.poison(one);
    for (const { value, data } of plan.constants) {
      this.#numbers(value).set(data);
      this.#write(value);
    }
    this.#alive.clear();
    device.resident = { of: this, constants: this.#constants };
  }

  #write(value: Value): void {
    const place = this.plan.places.get(value);
    if (!place) return;
    this.#alive.add(place);
    const { buffer, offset, bytes } = place;
    this.#touched[buffer] = Math.max(this.#touched[buffer]!, offset + bytes);
  }

  /** A kernel may leave what it is given unread. @throws BackendError for what died already */
  #expectAlive(value: Value): void {
    const place = this.plan.places.get(value);
    if (!place || this.#alive.has(place) || this.#constants.includes(place)) return;
    throw new BackendError(
      `the plan lets what '${value.node.op.name}' makes die before it is read the last time`,
    );
  }

  /** @throws BackendError for a value that the plan gives no place */
  #numbers(value: Value): Numbers {
    const { plan, state, device } = this.#compiled;
    const root = rootOf(value);
    if (isPersistent(root)) return state.held(root.node.attributes.name as string).data;
    const place = plan.places.get(value);
    if (!place) throw new BackendError(`the plan gives ${value.label} no place`);
    return device.buffers.numbers(value, place);
  }

  /** @throws UsageError once it, its state or its backend is disposed of */
  #expectUsable(): void {
    if (this.#disposed) throw new UsageError('the executable was disposed of');
    this.#compiled.device.expectUsable();
    this.#compiled.state.expectUsable();
  }
}

function kernelOf({ op }: Node): ReferenceKernel {
  if (op.space === 'host')
    throw new BackendError(`the small backend has no host store for the op '${op.name}'`);
  const kernel = referenceKernels.get(op.name);
  if (kernel) return kernel;
  throw new BackendError(`the small backend has no kernel for the op '${op.name}'`);
}
