import { type Backend, type Graph, input, persistent, type Value } from '@sketchgrad/core';
import { expect } from 'vitest';
import type { OperationCase } from '../cases/case.js';
import { expectClose } from '../compare.js';
import { type Drawn, seedOf } from '../data.js';
import { type Given, type Result, runOnce, runReference } from '../run.js';
import { TOLERANCES } from '../tolerances.js';

/**
 * Declares a case's inputs and builds it; `replace` may put something else in an input's place, and
 * `prefix` keeps its names apart from those of other cases in the same graph.
 */
export function buildCase(
  test: OperationCase,
  replace: (name: string, value: Value) => Value = (_, value) => value,
  prefix = '',
): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const [name, { shape, dtype }] of Object.entries(test.inputs))
    values[name] = replace(name, input(prefix + name, shape, dtype));
  for (const [name, { shape }] of Object.entries(test.state ?? {}))
    values[name] = persistent(prefix + name, shape, 'parameter');
  const results = test.build(values);
  return Object.fromEntries(results.map((value, index) => [`${prefix}${index}`, value]));
}

/** A case's inputs and state, its names with `prefix` before them. */
export function givenTo(test: OperationCase, prefix = ''): Given {
  const draw = (all: Readonly<Record<string, Drawn>>) =>
    Object.entries(all).map(([name, drawn]) => [
      prefix + name,
      drawn.draw(seedOf(`${test.op} ${test.name} ${name}`)),
    ]);
  return {
    inputs: Object.fromEntries(draw(test.inputs)),
    state: Object.fromEntries(draw(test.state ?? {})),
  };
}

/** Fails unless a backend gives what the reference does in double precision, to an op's tolerance. */
export async function compareToReference(
  backend: Backend,
  op: string,
  graph: Graph,
  given: Given,
): Promise<Result> {
  const wanted = await runReference(graph, given);
  const actual = await runOnce(backend, graph, given);
  expect(actual.measuredPeakBytes, 'bytes touched').toBeLessThanOrEqual(actual.plan.peakBytes);
  const tolerance = TOLERANCES[op]!;
  for (const [name, data] of Object.entries(wanted.outputs))
    expectClose(`output ${name}`, actual.outputs[name]!, data, tolerance);
  for (const [name, data] of Object.entries(wanted.state))
    expectClose(`state ${name}`, actual.state[name]!, data, tolerance);
  return actual;
}
