import { BackendError, UsageError } from '../errors.js';
import type { Executable, OpTime, RunOptions, TensorData } from '../execution/contract.js';
import { opTimes } from '../execution/op-times.js';
import { checkInputs, outputsToRead } from '../execution/run-arguments.js';
import type { DataKinds } from '../execution/tensor-data.js';
import type { Graph } from '../graph/graph.js';
import { isPersistent } from '../graph/leaves.js';
import type { Node } from '../graph/node.js';
import { rootOf } from '../graph/root-of.js';
import { byteLength } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { alignUp, type MemoryPlan } from '../plan/memory-plan.js';
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
  readonly #steps: readonly Step[];
  readonly #graph: Graph;
  readonly #state: ReferenceState;
  readonly #tensor: (value: Value) => Tensor;
  readonly #seconds: Float64Array;
  #runs = 0;
  readonly #persistentBytes: number;
  #disposed = false;

  /**
   * @throws BackendError for an op without a kernel, ShapeError when the state holds a tensor of
   * another type, PlanError when the arena is too large
   */
  constructor(
    graph: Graph,
    readonly plan: MemoryPlan,
    state: ReferenceState,
  ) {
    const kernels = plan.schedule.map(kernelOf);
    this.#graph = graph;
    this.#state = state;
    this.#seconds = new Float64Array(plan.schedule.length);
    this.#arena = new Arena(plan, state.precision);
    const held = state.declare(graph.persistents);
    const persistents = new Map(graph.persistents.map(({ value }, at) => [value, held[at]!]));
    this.#persistentBytes = graph.persistents.reduce((n, p) => n + alignUp(byteLength(p.value)), 0);
    const tensor = (value: Value): Tensor => {
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
    this.#tensor = tensor;
  }

  async run(
    inputs: Readonly<Record<string, TensorData>>,
    options?: RunOptions,
  ): Promise<Record<string, TensorData>> {
    const read = outputsToRead(this.#graph, options);
    checkInputs(this.#graph, inputs);
    this.#execute(inputs);
    return Object.fromEntries(
      read.map(([name, value]) => {
        const { data } = this.#tensor(value);
        return [name, value.dtype === 'i32' ? Int32Array.from(data) : Float32Array.from(data)];
      }),
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
    checkInputs(this.#graph, inputs, OR_DOUBLES);
    this.#execute(inputs);
    return Object.fromEntries(
      Object.entries(this.#graph.outputs).map(([name, value]) => [
        name,
        Float64Array.from(this.#tensor(value).data),
      ]),
    );
  }

  measuredPeakBytes(): number {
    return this.#persistentBytes + this.#arena.touchedBytes;
  }

  async profile(): Promise<readonly OpTime[]> {
    return opTimes(this.plan.schedule, this.#seconds, this.#runs);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
  }

  #execute(inputs: Readonly<Record<string, TensorData | Float64Array>>): void {
    if (this.#disposed) throw new UsageError('the executable was disposed of');
    this.#state.expectUsable();
    this.#arena.forget();
    for (const { name, value } of this.#graph.inputs) {
      this.#tensor(value).data.set(inputs[name]!);
      this.#arena.touch(value);
    }
    for (const [at, { kernel, call }] of this.#steps.entries()) {
      const start = performance.now();
      kernel.run(call);
      this.#seconds[at]! += (performance.now() - start) / 1000;
      for (const value of [...call.node.inputs, ...call.node.outputs]) this.#arena.touch(value);
    }
    this.#runs++;
  }
}

const OR_DOUBLES: DataKinds = { f32: [Float32Array, Float64Array], i32: [Int32Array] };

function kernelOf(node: Node): ReferenceKernel {
  const kernel = referenceKernels.get(node.op.name);
  if (!kernel)
    throw new BackendError(`the reference backend has no kernel for the op '${node.op.name}'`);
  return kernel;
}
