import type { Backend, Graph, MemoryPlan, TensorData } from '@sketchgrad/core';
import {
  createReferenceBackend,
  type Precision,
  type ReferenceBackend,
  type ReferenceExecutable,
} from '@sketchgrad/core/reference';

/** What a run is given: inputs, and the state before it. */
export interface Given {
  readonly inputs: Readonly<Record<string, TensorData>>;
  readonly state?: Readonly<Record<string, TensorData>>;
}

/** What came of a run. */
export interface Result {
  readonly outputs: Readonly<Record<string, TensorData>>;
  readonly state: Readonly<Record<string, TensorData>>;
  readonly plan: MemoryPlan;
  readonly measuredPeakBytes: number;
}

/** Compiles a graph with a state of its own and runs it once. */
export async function runOnce(
  backend: Backend,
  graph: Graph,
  { inputs, state: before = {} }: Given,
): Promise<Result> {
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  try {
    for (const [name, data] of Object.entries(before)) await state.write(name, data);
    const outputs = await executable.run(inputs);
    const after: Record<string, TensorData> = {};
    for (const name of state.tensors.keys()) after[name] = await state.read(name);
    const measuredPeakBytes = executable.measuredPeakBytes();
    return { outputs, state: after, plan: executable.plan, measuredPeakBytes };
  } finally {
    await executable.dispose();
    await state.dispose();
  }
}

/** The same on the reference executor, in double precision all through. */
export async function runReference(
  graph: Graph,
  { inputs, state: before = {} }: Given,
): Promise<{ outputs: Record<string, Float64Array>; state: Record<string, Float64Array> }> {
  const { state, executable } = await onReference(graph, 'f64');
  for (const [name, data] of Object.entries(before)) await state.write(name, data);
  const outputs = await executable.runFloat64(inputs);
  const after: Record<string, Float64Array> = {};
  for (const name of state.tensors.keys()) after[name] = await state.readFloat64(name);
  return { outputs, state: after };
}

/** The graph, ready to run on the reference executor. */
export async function onReference(
  graph: Graph,
  precision: Precision,
): Promise<{
  state: ReturnType<ReferenceBackend['createState']>;
  executable: ReferenceExecutable;
}> {
  const backend = createReferenceBackend({ precision });
  const state = backend.createState();
  return { state, executable: await backend.compile(graph, { state }) };
}
