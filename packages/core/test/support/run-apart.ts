import { sharedInput } from '../../src/graph/root-of.js';
import { elements, type Graph, isPersistent, rootOf, type Value } from '../../src/index.js';
import { schedule } from '../../src/plan/schedule.js';
import type { Tensor } from '../../src/reference/kernel.js';
import { referenceKernels } from '../../src/reference/kernels.js';

/**
 * Runs a graph with memory of its own for every value, only updates of persistent tensors in place:
 * what a planned run must equal to the bit.
 */
export function runApart(
  graph: Graph,
  leaves: Readonly<Record<string, Float64Array>>,
): Record<string, Float64Array> {
  const tensors = new Map<Value, Tensor>();
  const data = (value: Value) => tensors.get(value)!.data as Float64Array;
  for (const { name, value } of [...graph.inputs, ...graph.persistents])
    tensors.set(value, { shape: value.shape, data: leaves[name]!.slice() });
  for (const { value, data: numbers } of graph.constants)
    tensors.set(value, { shape: value.shape, data: Float64Array.from(numbers) });
  for (const node of schedule(graph)) {
    for (const output of node.outputs) {
      const input = sharedInput(output);
      const from = input ? data(input) : new Float64Array(elements(output));
      const inPlace = isPersistent(rootOf(output));
      tensors.set(output, { shape: output.shape, data: inPlace ? from : from.slice() });
    }
    referenceKernels.get(node.op.name)!.run({
      node,
      attributes: node.attributes,
      inputs: node.inputs.map((value) => tensors.get(value)!),
      outputs: node.outputs.map((value) => tensors.get(value)!),
    });
  }
  return Object.fromEntries(
    Object.entries(graph.outputs).map(([name, value]) => [name, data(value)]),
  );
}
