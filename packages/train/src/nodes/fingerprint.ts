import type { NodeData } from '@sketchgrad/core';

/** Numbers of an array that a fingerprint looks at, so that it costs nothing on large data either. */
const SAMPLES = 4096;

/** Tells data sets apart, whatever they are called: sizes, and a checksum (FNV-1a, 32 bits) of numbers in all parts. */
export function fingerprint({ graph, features, labels, split }: NodeData): string {
  let hash = 0x811c9dc5;
  for (const values of [graph.columnIndices, features.data, labels, ...Object.values(split)]) {
    const step = Math.max(1, Math.floor(values.length / SAMPLES));
    const sample = Float64Array.from({ length: Math.floor(values.length / step) }, (_, i) =>
      Number(values[i * step]),
    );
    for (const byte of new Uint8Array(sample.buffer)) hash = Math.imul(hash ^ byte, 0x01000193);
  }
  const checksum = (hash >>> 0).toString(16).padStart(8, '0');
  return `${graph.nodes} nodes, ${graph.columnIndices.length / 2} edges, ${checksum}`;
}
