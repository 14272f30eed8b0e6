import type { Configuration } from '../checkpoints/progress.js';
import { describeEstimator } from '../loop/describe-estimator.js';
import type { NodeData, NodeModel, NodeShape } from './model.js';
import type { NodeSettings } from './options.js';

/** Everything that a run's numbers depend on and that can be told from outside. */
export function nodeConfiguration(
  model: NodeModel,
  settings: NodeSettings,
  shape: NodeShape,
): Configuration {
  const { backend, data, batches, epochs, learningRate, optimizer, estimator, penalty } = settings;
  const penalties = model.parameters
    .map(({ name }) => [name, penalty?.(name) ?? 0] as const)
    .filter(([, share]) => share !== 0);
  const asText = { build: (options: object) => model.build({ training: true, ...options, shape }) };
  return {
    backend: backend.name,
    data: fingerprint(data),
    batches: batches?.name ?? null,
    epochs,
    learningRate,
    optimizer: { ...optimizer },
    penalties: Object.fromEntries(penalties),
    estimator: describeEstimator(estimator, asText, { batchSize: shape.nodes, sequence: 1 }),
    keep: { ...settings.keep },
    priorities: settings.priorities,
    evaluateEvery: settings.evaluateEvery,
    patience: settings.patience ?? null,
    selectBy: settings.selectBy,
    seed: settings.seed,
  };
}

/** Numbers of an array that a fingerprint looks at, so that it costs nothing on large data either. */
const SAMPLES = 4096;

/** Tells data sets apart: name, sizes, and a checksum (FNV-1a, 32 bits) of numbers in all parts. */
function fingerprint({ name, graph, features, labels, split }: NodeData): string {
  let hash = 0x811c9dc5;
  for (const values of [graph.columnIndices, features.data, labels, ...Object.values(split)]) {
    const step = Math.max(1, Math.floor(values.length / SAMPLES));
    const sample = Float64Array.from({ length: Math.floor(values.length / step) }, (_, i) =>
      Number(values[i * step]),
    );
    for (const byte of new Uint8Array(sample.buffer)) hash = Math.imul(hash ^ byte, 0x01000193);
  }
  const checksum = (hash >>> 0).toString(16).padStart(8, '0');
  return `${name}: ${graph.nodes} nodes, ${graph.columnIndices.length / 2} edges, ${checksum}`;
}
