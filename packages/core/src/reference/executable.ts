import type { Executable, OpTime, TensorData } from '../backend.js';
import { describeValue } from '../checks/describe-value.js';
import { BackendError, UsageError } from '../errors.js';
import type { Graph, GraphInput } from '../graph/graph.js';
import type { Node } from '../graph/node.js';
import { isPersistent } from '../graph/trace.js';
import { byteLength, elements, formatType } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { alignUp, type MemoryPlan } from '../plan/memory-plan.js';
import { rootOf } from '../plan/plan-memory.js';
import { Arena } from './arena.js';
import type { KernelCall, ReferenceKernel, Tensor } from './kernel.js';
import { referenceKernels } from './kernels.js';
import type { ReferenceState } from './state.js';

interface Step {
  readonly kernel: ReferenceKernel;
  readonly call: KernelCall;
}

/** A graph that the reference executor runs node by node, each tensor where the plan puts it. */
export class ReferenceExecutable implements Executable {
  readonly #arena: Arena;
  readonly #host: Arena;
  readonly #steps: readonly Step[];
  readonly #inputs: ReadonlyMap<string, { input: GraphInput; tensor: Tensor }>;
  readonly #constants: readonly { readonly from: TensorData; readonly tensor: Tensor }[];
  readonly #outputs: readonly { name: string; value: Value; tensor: Tensor }[];
  readonly #seconds = new Map<string, { calls: number; seconds: number }>();
  readonly #persistentBytes: number;
  #touchedBytes = 0;
  #touchedHostBytes = 0;
  #disposed = false;

  /**
   * @throws BackendError for an op without a kernel, UsageError when the state holds a tensor of
   * another shape, PlanError when the arena is too large
   */
  constructor(
    graph: Graph,
    readonly plan: MemoryPlan,
    state: ReferenceState,
  ) {
    const kernels = plan.schedule.map(kernelOf);
    this.#arena = new Arena(plan.arenaBytes, state.precision, plan.offsets);
    this.#host = new Arena(plan.hostBytes, state.precision, plan.offsets);
    const persistents = new Map(graph.persistents.map((p) => [p.value, state.declare(p)]));
    this.#persistentBytes = graph.persistents.reduce((n, p) => n + alignUp(byteLength(p.value)), 0);
    const tensor = (value: Value): Tensor => {
      if (value.node.op.space === 'host') return this.#host.tensor(value);
      const root = rootOf(value);
      if (!isPersistent(root)) return this.#arena.tensor(value);
      return { shape: value.shape, data: persistents.get(root)!.data };
    };
    this.#steps = plan.schedule.map((node, i) => ({
      kernel: kernels[i]!,
      call: {
        node,
        attributes: node.attributes,
        inputs: node.inputs.map(tensor),
        outputs: node.outputs.map(tensor),
      },
    }));
    this.#inputs = new Map(
      graph.inputs.map((input) => [input.name, { input, tensor: tensor(input.value) }]),
    );
    this.#constants = graph.constants.map(({ value, data }) => ({
      from: data,
      tensor: tensor(value),
    }));
    this.#outputs = Object.entries(graph.outputs).map(([name, value]) => ({
      name,
      value,
      tensor: tensor(value),
    }));
  }

  async run(inputs: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>> {
    this.#execute(inputs);
    return Object.fromEntries(
      this.#outputs.map(({ name, value, tensor: { data } }) => [
        name,
        value.dtype === 'i32' ? Int32Array.from(data) : Float32Array.from(data),
      ]),
    );
  }

  /** {@link run} without rounding what goes in and out to 32 bits. */
  async runFloat64(
    inputs: Readonly<Record<string, TensorData | Float64Array>>,
  ): Promise<Record<string, Float64Array>> {
    return this.evaluate(inputs);
  }

  /** {@link runFloat64} at once. */
  evaluate(
    inputs: Readonly<Record<string, TensorData | Float64Array>>,
  ): Record<string, Float64Array> {
    this.#execute(inputs);
    return Object.fromEntries(
      this.#outputs.map(({ name, tensor }) => [name, Float64Array.from(tensor.data)]),
    );
  }

  measuredPeakBytes(): number {
    return this.#persistentBytes + this.#touchedBytes + this.#touchedHostBytes;
  }

  profile(): readonly OpTime[] {
    return [...this.#seconds]
      .map(([op, { calls, seconds }]) => ({ op, calls, seconds }))
      .sort((a, b) => b.seconds - a.seconds);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
  }

  #execute(inputs: Readonly<Record<string, TensorData | Float64Array>>): void {
    if (this.#disposed) throw new UsageError('this executable was disposed of');
    this.#checkInputs(inputs);
    this.#arena.forget();
    this.#host.forget();
    for (const [name, { input, tensor }] of this.#inputs) {
      tensor.data.set(inputs[name]!);
      this.#touch(input.value);
    }
    for (const { from, tensor } of this.#constants) tensor.data.set(from);
    for (const { kernel, call } of this.#steps) {
      const start = performance.now();
      kernel.run(call);
      const time = this.#seconds.get(kernel.op) ?? { calls: 0, seconds: 0 };
      time.calls++;
      time.seconds += (performance.now() - start) / 1000;
      this.#seconds.set(kernel.op, time);
      for (const value of [...call.node.inputs, ...call.node.outputs]) this.#touch(value);
    }
  }

  /** Notes that a value's memory was used. */
  #touch(value: Value): void {
    const offset = this.plan.offsets.get(value);
    if (offset === undefined) return;
    const end = offset + alignUp(byteLength(value));
    if (value.node.op.space === 'host')
      this.#touchedHostBytes = Math.max(this.#touchedHostBytes, end);
    else this.#touchedBytes = Math.max(this.#touchedBytes, end);
  }

  #checkInputs(inputs: Readonly<Record<string, TensorData | Float64Array>>): void {
    if (typeof inputs !== 'object' || inputs === null)
      throw new UsageError(
        `run() takes the graph's inputs by name, but it is given ${describeValue(inputs)}`,
      );
    for (const name of Object.keys(inputs))
      if (!this.#inputs.has(name))
        throw new UsageError(
          `the graph has no input '${name}'; it takes ${[...this.#inputs.keys()].join(', ') || 'none'}`,
        );
    for (const [name, { input }] of this.#inputs) {
      const data = inputs[name];
      const { value } = input;
      if (data === undefined)
        throw new UsageError(`input '${name}', ${formatType(value)}, is missing`);
      const types = value.dtype === 'i32' ? [Int32Array] : [Float32Array, Float64Array];
      if (!types.some((type) => data instanceof type))
        throw new UsageError(
          `input '${name}' is ${formatType(value)} and cannot be ${describeValue(data)}`,
        );
      if (data.length !== elements(value))
        throw new UsageError(
          `input '${name}' is ${formatType(value)}, ${elements(value)} numbers, not ${data.length}`,
        );
    }
  }
}

function kernelOf(node: Node): ReferenceKernel {
  const kernel = referenceKernels.get(node.op.name);
  if (!kernel)
    throw new BackendError(`the reference backend has no kernel for the op '${node.op.name}'`);
  return kernel;
}
