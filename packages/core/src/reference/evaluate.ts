import { trace } from '../graph/trace.js';
import type { Value } from '../graph/value.js';
import { planMemory } from '../plan/plan-memory.js';
import { ReferenceExecutable } from './executable.js';
import { ReferenceState } from './state.js';

/** Numbers for the inputs of a graph, by name. */
type Given = Readonly<Record<string, Float32Array | Float64Array | Int32Array>>;

/**
 * A function made of ops, run by the reference executor in double precision: for what theory needs
 * of a random matrix that only ops can draw.
 *
 * @param build names the values that a call gives; it may not be called within a trace
 */
export function evaluator(
  build: () => Readonly<Record<string, Value>>,
): (inputs: Given) => Record<string, Float64Array> {
  const graph = trace(build);
  const executable = new ReferenceExecutable(graph, planMemory(graph), new ReferenceState('f64'));
  return (inputs) => executable.evaluate(inputs);
}
