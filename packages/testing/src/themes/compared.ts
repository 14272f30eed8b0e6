import {
  type Graph,
  input,
  type MemoryPlan,
  persistent,
  type TensorData,
  type Value,
} from '@sketchgrad/core';
import { expect } from 'vitest';
import type { OperationCase } from '../cases/case.js';
import { expectClose, expectSameBits } from '../compare.js';
import { type Drawn, seedOf } from '../data.js';
import { type Given, type Result, runOnce, runReference } from '../run.js';
import type { ThemeContext } from './theme.js';

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
  { backend, capabilities, tolerances }: ThemeContext,
  op: string,
  graph: Graph,
  given: Given,
): Promise<Result> {
  const wanted = await runReference(graph, given);
  const actual = await runOnce(backend(), graph, given);
  if (capabilities.measuresTouched)
    expect(actual.measuredPeakBytes, 'bytes touched').toBeLessThanOrEqual(actual.plan.peakBytes);
  const tolerance = tolerances[op]!;
  for (const [name, data] of Object.entries(wanted.outputs))
    expectClose(`output ${name}`, actual.outputs[name]!, data, tolerance);
  for (const [name, data] of Object.entries(wanted.state))
    expectClose(`state ${name}`, actual.state[name]!, data, tolerance);
  return actual;
}

/**
 * Fails where a backend that measures what it touches touched more or less than it planned: of an arena
 * all up to the end of what lies last, and without one what is alive at once.
 */
export function expectTouched(
  { capabilities }: Pick<ThemeContext, 'capabilities'>,
  { plan, measuredPeakBytes }: { readonly plan: MemoryPlan; readonly measuredPeakBytes: number },
  what = 'bytes touched',
): void {
  if (!capabilities.measuresTouched) return;
  const apart = plan.persistentBytes + plan.largestLiveBytes + plan.hostBytes;
  expect(measuredPeakBytes, what).toBe(capabilities.arena ? plan.peakBytes : apart);
}

/** Fails where results are not the same: to the bit where a backend claims it, else to a tolerance. */
export function expectAlike(
  { capabilities, tolerances }: Pick<ThemeContext, 'capabilities' | 'tolerances'>,
  what: string,
  actual: TensorData,
  wanted: TensorData,
): void {
  if (capabilities.exactBits) expectSameBits(what, actual, wanted);
  else expectClose(what, actual, Float64Array.from(wanted), tolerances.training!);
}
