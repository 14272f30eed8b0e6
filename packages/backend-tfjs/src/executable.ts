import {
  type Allocation,
  type Executable,
  type Graph,
  isPersistent,
  type MemoryPlan,
  type Node,
  type OpTime,
  type RunOptions,
  rootOf,
  SketchgradError,
  type TensorData,
  UsageError,
  type Value,
} from '@sketchgrad/core';
import { checkInputs, opTimes, outputsToRead } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import { contextOf, HostCopies, NotHere } from './context.js';
import type { Device } from './device.js';
import type { Lowering, LoweringContext } from './lowering.js';
import { lowerings } from './lowerings/index.js';
import type { Slot, TfjsState } from './state.js';
import { counted, Watch } from './tensors/counted.js';
import { heldBytes, viewOf } from './tensors/tf.js';

type Inputs = Readonly<Record<string, TensorData>>;
type Read = ReturnType<typeof outputsToRead>;

/** A node, and where its inputs and its outputs are. */
interface Step {
  readonly node: Node;
  readonly lowering: Lowering;
  readonly context: LoweringContext;
  readonly inputs: readonly Place[];
  /** Of those outputs that are neither views nor updates. */
  readonly made: readonly Slot[];
}

/** A value's slot, and the shape in which the value is seen. */
interface Place {
  readonly slot: Slot;
  readonly value: Value;
}

/** What an executable is made of. */
export interface Compiled {
  readonly graph: Graph;
  readonly plan: MemoryPlan;
  readonly state: TfjsState;
  readonly device: Device;
}

/** A graph that TensorFlow.js runs op by op; each tensor is disposed of when the plan says that it dies. */
export class TfjsExecutable implements Executable {
  readonly #compiled: Compiled;
  readonly #steps: readonly Step[];
  readonly #slots = new Map<Allocation, Slot>();
  readonly #watch: Watch;
  readonly #copies = new HostCopies();
  readonly #seconds: Float64Array;
  /** Persistent tensors and constants, which are there before a run and after it. */
  readonly #stayingBytes: number;
  #measured = 0;
  #runs = 0;
  #disposed = false;

  constructor(compiled: Compiled) {
    const { graph, plan, state, device } = compiled;
    const { tf, platform } = device;
    this.#compiled = compiled;
    this.#watch = new Watch(tf);
    this.#seconds = new Float64Array(plan.schedule.length);
    const staying = [...graph.persistents, ...plan.constants];
    this.#stayingBytes = staying.reduce((all, { value }) => all + device.bytesOf(value), 0);
    state.ensure(graph.persistents);
    for (const allocation of plan.allocations) this.#slots.set(allocation, { tensor: undefined });
    const shared = {
      ...{ device: tf, tf: counted(tf, this.#watch), watch: this.#watch },
      ...{ abilities: platform.abilities, host: device.host, copies: this.#copies },
    };
    this.#steps = plan.schedule.map((node) => {
      const inputs = node.inputs.map((value) => this.#place(value));
      const slots = inputs.map(({ slot }) => slot);
      return {
        ...{ node, inputs, lowering: lowerings.get(node.op.name)! },
        context: contextOf(shared, slots),
        made: node.outputs.filter(hasOwnMemory).map((value) => this.#place(value).slot),
      };
    });
    device.add(this);
  }

  get plan(): MemoryPlan {
    return this.#compiled.plan;
  }

  async run(inputs: Inputs, options?: RunOptions): Promise<Record<string, TensorData>> {
    const { graph, device } = this.#compiled;
    this.#expectUsable();
    const read = outputsToRead(graph, options);
    checkInputs(graph, inputs);
    const given = new Map(Object.entries(inputs).map(([name, data]) => [name, data.slice()]));
    return device.take(async () => {
      this.#expectUsable();
      this.#uploadConstants();
      try {
        await this.#execute(given);
        return await this.#results(read);
      } finally {
        this.#freeAll();
      }
    });
  }

  measuredPeakBytes(): number {
    return this.#measured;
  }

  async profile(): Promise<readonly OpTime[]> {
    return this.#compiled.device.take(async () =>
      opTimes(this.plan.schedule, this.#seconds, this.#runs),
    );
  }

  async dispose(): Promise<void> {
    return this.#compiled.device.release(async () => this.free());
  }

  free(): void {
    this.#disposed = true;
    for (const slot of this.#slots.values()) release(slot);
    this.#compiled.device.remove(this);
  }

  /**
   * Runs all nodes at once, so that nothing else comes between, but where a platform has to be waited for.
   * What the last one leaves is alive after it.
   */
  async #execute(given: ReadonlyMap<string, TensorData>): Promise<void> {
    const { graph, plan, device } = this.#compiled;
    const before = heldBytes(device.tf);
    this.#watch.begin();
    for (const { name, value } of graph.inputs) {
      const data = given.get(name)!;
      const { slot } = this.#place(value);
      slot.tensor = device.upload(data, value);
      this.#copies.add(slot.tensor, data);
    }
    this.#watch.look();
    for (const [at, step] of this.#steps.entries()) {
      const start = performance.now();
      for (let awaited = this.#lower(step); awaited; awaited = this.#lower(step))
        this.#copies.add(awaited, await device.download(awaited));
      this.#seconds[at]! += (performance.now() - start) / 1000;
      if (at < this.#steps.length - 1) this.#free(plan.dies[at]!);
    }
    this.#runs++;
    const most = this.#watch.mostBytes - before;
    this.#measured = Math.max(this.#measured, this.#stayingBytes + most);
  }

  /** @returns a tensor whose numbers have to be waited for, before this can be done */
  #lower({ node, lowering, context, inputs, made }: Step): Tensor | undefined {
    const { tf } = this.#compiled.device;
    let tensors: readonly Tensor[];
    try {
      const given = inputs.map((place) => this.#tensor(place));
      tensors = tf.tidy(() => [...lowering.lower(given, node, context)]);
    } catch (error) {
      if (error instanceof SketchgradError) throw error;
      if (error instanceof NotHere) return error.tensor;
      const where = node.scope ? ` in ${node.scope}` : '';
      throw this.#compiled.device.failed(`${node.op.name}${where}`, error);
    }
    for (const [at, slot] of made.entries()) slot.tensor = tf.keep(tensors[at]!);
    return undefined;
  }

  async #results(read: Read): Promise<Record<string, TensorData>> {
    const { device } = this.#compiled;
    const results: Record<string, TensorData> = {};
    for (const [name, value] of read)
      results[name] = await device.download(this.#place(value).slot.tensor!);
    return results;
  }

  /** Once: they stay until it is disposed of. */
  #uploadConstants(): void {
    const { plan, device } = this.#compiled;
    for (const { value, data } of plan.constants) {
      const { slot } = this.#place(value);
      if (slot.tensor) continue;
      slot.tensor = device.upload(data.slice(), value);
      this.#copies.add(slot.tensor, data);
    }
  }

  #freeAll(): void {
    for (const dying of this.plan.dies) this.#free(dying);
  }

  #free(dying: readonly Allocation[]): void {
    for (const one of dying) release(this.#slots.get(one)!);
  }

  #place(value: Value): Place {
    const { plan, state } = this.#compiled;
    const root = rootOf(value);
    const slot = isPersistent(root)
      ? state.slot(root.node.attributes.name as string)
      : this.#slots.get(plan.places.get(value)!)!;
    return { slot, value };
  }

  #tensor({ slot, value }: Place): Tensor {
    const tensor = slot.tensor!;
    const { shape } = value;
    const same = shape.length === tensor.rank && shape.every((n, axis) => n === tensor.shape[axis]);
    return same ? tensor : viewOf(this.#compiled.device.tf, tensor, shape);
  }

  /** @throws UsageError once it, its state or its backend is disposed of */
  #expectUsable(): void {
    if (this.#disposed) throw new UsageError('the executable was disposed of');
    this.#compiled.device.expectUsable();
    this.#compiled.state.expectUsable();
  }
}

function release(slot: Slot): void {
  slot.tensor?.dispose();
  slot.tensor = undefined;
}

/** Whether an output is neither a view nor an update of an input. */
const hasOwnMemory = ({ node: { op }, index }: Value): boolean =>
  ![...(op.views ?? []), ...(op.updates ?? [])].some(([output]) => output === index);
