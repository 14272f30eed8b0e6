import {
  type Graph,
  input,
  operations,
  persistent,
  scale,
  trace,
  type Value,
} from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import type { OperationCase } from '../cases/case.js';
import { operationCases } from '../cases/index.js';
import { expectClose } from '../compare.js';
import { type Drawn, seedOf } from '../data.js';
import { type Given, runOnce, runReference } from '../run.js';
import { TOLERANCES } from '../tolerances.js';
import type { Theme } from './theme.js';

/** Every op, at every shape, against the reference in double precision. */
export const operationTheme: Theme = ({ backend }) => {
  const compare = async (test: OperationCase, graph: Graph) => {
    const given = givenTo(test);
    const wanted = await runReference(graph, given);
    const actual = await runOnce(backend(), graph, given);
    expect(actual.measuredPeakBytes, 'bytes touched').toBeLessThanOrEqual(actual.plan.peakBytes);
    const tolerance = TOLERANCES[test.op]!;
    for (const [name, data] of Object.entries(wanted.outputs))
      expectClose(`output ${name}`, actual.outputs[name]!, data, tolerance);
    for (const [name, data] of Object.entries(wanted.state))
      expectClose(`state ${name}`, actual.state[name]!, data, tolerance);
    return actual;
  };

  describe('ops', () => {
    for (const op of [...operations().keys()].sort())
      describe(op, () => {
        const cases = operationCases.filter((test) => test.op === op);
        it('has cases and a tolerance in this suite', () => {
          expect(cases.length, `cases of ${op}`).toBeGreaterThan(0);
          expect(TOLERANCES, `tolerance of ${op}`).toHaveProperty(op);
        });
        for (const test of cases) {
          it(test.name, async () => {
            await compare(
              test,
              trace(() => buildCase(test)),
            );
          });
          for (const dying of overwritable(test))
            it(`${test.name}, written over ${dying}`, async () => {
              let source: Value | undefined;
              let results: Record<string, Value> = {};
              const graph = trace(() => {
                results = buildCase(test, (name, value) => {
                  if (name !== dying) return value;
                  source = scale(value, 0.5);
                  return source;
                });
                return results;
              });
              const { plan } = await compare(test, graph);
              const place = plan.offsets.get(results[Object.keys(results)[0]!]!);
              expect(place, 'the place of output 0').toBe(plan.offsets.get(source!));
            });
        }
      });
  });
};

/** Declares a case's inputs and builds it; `replace` may put something else in an input's place. */
function buildCase(
  test: OperationCase,
  replace: (name: string, value: Value) => Value = (_, value) => value,
): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const [name, { shape, dtype }] of Object.entries(test.inputs))
    values[name] = replace(name, input(name, shape, dtype));
  for (const [name, { shape }] of Object.entries(test.state ?? {}))
    values[name] = persistent(name, shape, 'parameter');
  const results = test.build(values);
  return Object.fromEntries(results.map((value, index) => [String(index), value]));
}

function givenTo(test: OperationCase): Given {
  const draw = (all: Readonly<Record<string, Drawn>>) =>
    Object.entries(all).map(([name, drawn]) => [
      name,
      drawn.draw(seedOf(`${test.op} ${test.name} ${name}`)),
    ]);
  return {
    inputs: Object.fromEntries(draw(test.inputs)),
    state: Object.fromEntries(draw(test.state ?? {})),
  };
}

/** Names of the inputs that the case's op may overwrite at these shapes. */
function overwritable(test: OperationCase): string[] {
  const names: string[] = [];
  trace(() => {
    const results = buildCase(test);
    const [first] = Object.values(results);
    const { node } = first!;
    if (node.op.name !== test.op) return results;
    for (const index of node.op.overwrites ?? []) {
      const value = node.inputs[index]!;
      const name = Object.keys(test.inputs).find((key) => value.node.attributes.name === key);
      if (name && sameCount(value, first!)) names.push(name);
    }
    return results;
  });
  return names;
}

const sameCount = (a: Value, b: Value): boolean =>
  a.shape.reduce((n, size) => n * size, 1) === b.shape.reduce((n, size) => n * size, 1);
