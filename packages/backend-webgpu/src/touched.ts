import type { Range } from './lowering.js';
import { type Compiled, rangeOf } from './places.js';

/**
 * Bytes of the buffers that a run works on: those of the state that the graph names, and the arena's up to
 * the end of what is bound, written or read last in each.
 */
export function touchedBytes(compiled: Compiled, bound: readonly Range[]): number {
  const { graph, plan, state, device } = compiled;
  const values = [
    ...graph.inputs.map(({ value }) => value),
    ...plan.constants.map(({ value }) => value),
    ...Object.values(graph.outputs),
  ];
  const ranges = [...bound, ...values.map((value) => rangeOf(compiled, value))];
  let bytes = 0;
  for (const [index] of plan.buffers.entries()) {
    const slot = device.arena.slot(index);
    const ends = ranges.map((range) => (range.slot === slot ? range.offset + range.bytes : 0));
    bytes += device.aligned(ends.reduce((a, b) => Math.max(a, b), 0));
  }
  for (const { name } of graph.persistents) bytes += device.aligned(state.range(name).bytes);
  return bytes;
}
