import type { NodeData } from '@sketchgrad/core';
import { checksum } from '../source/checksum.js';

/** Numbers of an array that a fingerprint looks at, so that it costs nothing on large data either. */
const SAMPLES = 4096;

/** Tells data sets apart, whatever they are called: sizes, and a checksum of numbers in all parts. */
export function fingerprint({ graph, features, labels, split }: NodeData): string {
  const parts = [graph.columnIndices, features.data, labels, ...Object.values(split)];
  return `${graph.nodes} nodes, ${graph.columnIndices.length / 2} edges, ${checksum(parts.map(sampleOf))}`;
}

function sampleOf(values: ArrayLike<number>): Float64Array {
  const step = Math.max(1, Math.floor(values.length / SAMPLES));
  return Float64Array.from({ length: Math.floor(values.length / step) }, (_, i) =>
    Number(values[i * step]),
  );
}
