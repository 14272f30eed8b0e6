import { type Graph, operations, scale, trace, type Value } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import type { OperationCase } from '../cases/case.js';
import { operationCases } from '../cases/index.js';
import { buildCase, compareToReference, givenTo } from './compared.js';
import { opsFor } from './ops.js';
import type { Theme } from './theme.js';

/** Every op, at every shape, against the reference in double precision. */
export const operationTheme: Theme = (context) => {
  const { capabilities, tolerances } = context;
  const ops = opsFor(capabilities);

  const compare = (test: OperationCase, graph: Graph) =>
    compareToReference(context, test.op, graph, givenTo(test));

  describe('ops', () => {
    it('alone have tolerances', () => {
      const known = [...operations().keys(), 'training'];
      expect(Object.keys(tolerances).filter((name) => !known.includes(name))).toEqual([]);
    });
    for (const op of ops)
      describe(op, () => {
        const cases = operationCases.filter(
          (test) => test.op === op && (capabilities.subnormals || !test.subnormal),
        );
        it('has cases and a tolerance in this suite', () => {
          expect(cases.length, `cases of ${op}`).toBeGreaterThan(0);
          expect(tolerances, `tolerance of ${op}`).toHaveProperty(op);
        });
        for (const test of cases) {
          it(test.name, async () => {
            await compare(
              test,
              trace(() => buildCase(test)),
            );
          });
          for (const dying of capabilities.overwrites ? overwritable(test) : [])
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
              const place = plan.places.get(results[Object.keys(results)[0]!]!);
              expect(place, 'the place of output 0').toBe(plan.places.get(source!));
            });
        }
      });
  });
};

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
