import type { NodeShape } from '@sketchgrad/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeBuckets } from '../../src/nodes/node-buckets.js';

const shape = (nodes: number, each = 5, share = 0.5): NodeShape => ({
  nodes,
  entries: Math.ceil(each * nodes),
  rows: Math.ceil(share * nodes),
});

describe('sizes of parts of a graph', () => {
  it('are few, whatever the parts are like, and waste little where they are about as large', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 900, max: 1100 }), { minLength: 1, maxLength: 60 }),
        fc.array(fc.integer({ min: 850, max: 1170 }), { minLength: 100, maxLength: 100 }),
        (known, later) => {
          const buckets = new NodeBuckets(
            known.map((nodes) => shape(nodes)),
            11,
          );
          expect(buckets.empty).toBeLessThan(0.05);
          const all = [...known, ...later].map((nodes) => buckets.sizesFor(shape(nodes)));
          expect(new Set(all.map((each) => JSON.stringify(each))).size).toBeLessThanOrEqual(11);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('hold what they are for: any size, shares of entries and rows that were not known', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0.1, max: 900, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (nodes, each, share) => {
          const buckets = new NodeBuckets([shape(100), shape(300, 7, 0.2)], 11);
          const own = shape(nodes, each, share);
          const sizes = buckets.sizesFor(own);
          for (const size of ['nodes', 'entries', 'rows'] as const)
            expect(sizes[size]).toBeGreaterThanOrEqual(own[size]);
          expect(sizes.rows).toBeLessThanOrEqual(sizes.nodes);
          expect(sizes.nodes).toBeLessThanOrEqual(1.1 * nodes + 1);
          expect(sizes.spare).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are coarser where parts differ much, and leave out what lies between them', () => {
    const octaves = [100, 200, 400, 800, 1600, 3200].map((nodes) => shape(nodes + 1));
    expect(new NodeBuckets(octaves, 11).empty).toBeGreaterThan(0.05);
    const two = new NodeBuckets([shape(101), shape(3201)], 11);
    expect(two.empty).toBeLessThan(0.05);
    // 16 to an octave: 2^(107/16) = 103.07, 2^(187/16) = 3298.3.
    expect(two.sizesFor(shape(101)).nodes).toBe(104);
    expect(two.sizesFor(shape(3201)).nodes).toBe(3299);
    expect(two.empty).toBeCloseTo(1 - 3302 / 3403, 10);
  });

  it('give entries and loss rows a quarter more than the largest share that is known', () => {
    const buckets = new NodeBuckets([shape(64, 4, 0.25), shape(64, 6, 0.5)], 11);
    expect(buckets.sizesFor(shape(64, 1, 0.1))).toEqual({
      ...{ nodes: 64, entries: 480, rows: 40, spare: true },
    });
    expect(buckets.sizesFor(shape(64, 7.5, 0.625))).toMatchObject({ entries: 480, rows: 40 });
    expect(buckets.sizesFor({ nodes: 64, entries: 481, rows: 41 })).toMatchObject({
      ...{ entries: 960, rows: 64 },
    });
  });
});
