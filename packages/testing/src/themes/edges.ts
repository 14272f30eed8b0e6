import { trace } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import type { Edge } from '../edges/edge.js';
import { casesAt } from '../edges/sized.js';
import { buildCase, compareToReference, givenTo } from './compared.js';
import { opsFor } from './ops.js';
import type { Theme } from './theme.js';

/** Every op one below, at and one above each size at which the backend's own kernel turns. */
export const edgeTheme: Theme = (context) => {
  const { capabilities, edges } = context;
  if (!edges) return;
  const ops = opsFor(capabilities);
  describe("ops at their kernels' edges", () => {
    it('are told for every op', () => {
      expect(Object.keys(edges).sort()).toEqual(ops);
    });
    for (const [op, all] of Object.entries(edges))
      for (const along of new Set(all.map((edge) => edge.along))) {
        const here = all.filter((edge) => edge.along === along);
        it(`${op} along ${along}: ${here.map(({ at }) => at).join(', ')}`, async () => {
          const cases = around(here).flatMap((sizes) => casesAt(op, sizes));
          expect(cases.length, 'cases').toBeGreaterThan(0);
          const prefixed = cases.map((test, i) => ({ test, prefix: `${i} ${test.name}: ` }));
          const graph = trace(() =>
            Object.assign(
              {},
              ...prefixed.map(({ test, prefix }) => buildCase(test, undefined, prefix)),
            ),
          );
          const given = prefixed.map(({ test, prefix }) => givenTo(test, prefix));
          await compareToReference(context, op, graph, {
            inputs: Object.assign({}, ...given.map(({ inputs }) => inputs)),
            state: Object.assign({}, ...given.map(({ state }) => state)),
          });
        });
      }
  });
};

/** The sizes around some edges, each once. */
function around(edges: readonly Edge[]): Record<string, number>[] {
  const found = new Map<string, Record<string, number>>();
  for (const { along, at, where } of edges)
    for (const size of [at - 1, at, at + 1]) {
      if (size < 0) continue;
      const sizes = { ...where, [along]: size };
      found.set(JSON.stringify(sizes), sizes);
    }
  return [...found.values()];
}
