import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rewrite } from '../../src/graph/rewrite.js';
import { isLeaf, operations, type Value } from '../../src/index.js';
import { draw } from '../support/draw.js';
import { randomGraph } from '../support/random-graph.js';
import { runApart } from '../support/run-apart.js';

it('leaves nodes that read what they did before as they are', () => {
  fc.assert(
    fc.property(randomGraph, (graph) => {
      const same = rewrite(graph, (node, made) => void made.read(node, node.inputs));
      expect(same.outputs).toEqual(graph.outputs);
      expect(same.nodes.every((node, at) => node === graph.nodes[at])).toBe(true);
    }),
    { numRuns: 20 },
  );
});

it('of copies of all nodes is a graph of new nodes that computes the same', () => {
  fc.assert(
    fc.property(randomGraph, (graph) => {
      const copied = rewrite(graph, (node, made) => {
        const inputs = node.inputs.map(made.current);
        const other = isLeaf(node) ? made.read(node, inputs) : made.copy(node, { inputs });
        for (const output of node.outputs) made.replace(output, other.outputs[output.index]!);
      });
      const ids = copied.nodes.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const old = new Set(graph.nodes);
      for (const node of copied.nodes)
        if (!isLeaf(node)) {
          expect(old.has(node)).toBe(false);
          expect(node.inputs.every((value) => isLeaf(value.node) || !old.has(value.node))).toBe(
            true,
          );
        }
      const leaves: Record<string, Float64Array> = {};
      for (const { name, value } of [...graph.inputs, ...graph.persistents])
        leaves[name] = draw(
          value.shape.reduce((n, size) => n * size, 1),
          name.length,
        );
      expect(runApart(copied, leaves)).toEqual(runApart(graph, leaves));
    }),
    { numRuns: 100 },
  );
});

it('puts new nodes where they are added, and later ones read them', () => {
  fc.assert(
    fc.property(randomGraph, (graph) => {
      const op = operations().get('scale')!;
      const changed = rewrite(graph, (node, made) => {
        made.read(node, node.inputs.map(made.current));
        if (node.op.name !== 'tanh') return;
        const [value] = node.outputs as [Value];
        const { stage } = node;
        const twice = { op, attributes: { factor: 2 }, inputs: [made.current(value)], stage };
        made.replace(value, made.add({ ...twice, scope: 'added' }, [value]).outputs[0]!);
      });
      const readers = changed.nodes.filter(({ scope }) => scope !== 'added');
      const read = [...readers.flatMap(({ inputs }) => inputs), ...Object.values(changed.outputs)];
      expect(read.some(({ node }) => node.op.name === 'tanh')).toBe(false);
      const done = new Set<Value>();
      for (const { inputs, outputs } of changed.nodes) {
        expect(inputs.every((value) => done.has(value))).toBe(true);
        for (const value of outputs) done.add(value);
      }
    }),
    { numRuns: 50 },
  );
});
