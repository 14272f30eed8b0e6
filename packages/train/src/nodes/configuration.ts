import type { Configuration, Json } from '../checkpoints/progress.js';
import { backendPart, configurationBy, inputParts, recomputePart } from '../loop/configuration.js';
import { describeEstimator } from '../loop/describe-estimator.js';
import { modelParts } from '../loop/model-parts.js';
import type { NodeData, NodeModel, NodeShape } from './model.js';
import type { NodeSettings, NodeTrainingOptions } from './options.js';

/** What an option's part of the configuration is told. */
interface Run {
  readonly model: NodeModel;
  readonly settings: NodeSettings;
  readonly shape: NodeShape;
}

/**
 * Every option's part of the configuration, or why a run's numbers do not depend on it: one that is
 * added is added here, or does not compile.
 */
const PARTS: {
  readonly [Name in keyof Required<NodeTrainingOptions>]: ((run: Run) => Json) | string;
} = {
  backend: ({ settings: { backend } }) => backendPart(backend),
  data: ({ settings: { data } }) => fingerprint(data),
  batches: ({ settings: { batches } }) => batches?.name ?? null,
  epochs: ({ settings: { epochs } }) => epochs,
  learningRate: ({ settings: { learningRate } }) => learningRate,
  optimizer: ({ settings: { optimizer } }) => ({ ...optimizer }),
  penalty: ({ model, settings: { penalty } }) =>
    Object.fromEntries(
      model.parameters
        .map(({ name }) => [name, penalty?.(name) ?? 0] as const)
        .filter(([, share]) => share !== 0),
    ),
  estimator({ model, settings: { estimator }, shape }) {
    const asText = {
      build: (options: object) => model.build({ training: true, ...options, shape }),
    };
    return describeEstimator(estimator, asText, { batchSize: shape.nodes, sequence: 1 });
  },
  everyLayer: 'what it makes of the estimator is in the estimator',
  priorities: ({ settings: { priorities } }) => priorities,
  recompute: ({ settings: { recompute, keep } }) => recomputePart(recompute, keep),
  keep: ({ settings: { keep } }) => ({ ...keep }),
  seed: ({ settings: { seed } }) => seed,
  evaluateEvery: ({ settings: { evaluateEvery } }) => evaluateEvery,
  patience: ({ settings: { patience } }) => patience ?? null,
  selectBy: ({ settings: { selectBy } }) => selectBy,
  inputs: 'each is a part of its own, by its name',
  checkpoint: 'where and how often a run is saved',
  resume: 'whether a run is continued',
  signal: 'when a run is stopped',
  onEpoch: 'tells of the run',
  onWarning: 'tells of the run',
};

/** Everything that a run's numbers depend on and that can be told from outside, by option. */
export const nodeConfiguration = (
  model: NodeModel,
  settings: NodeSettings,
  shape: NodeShape,
): Configuration => ({
  ...configurationBy(PARTS, { model, settings, shape }),
  ...inputParts(settings.inputs),
  ...modelParts(model, shape),
});

/** Numbers of an array that a fingerprint looks at, so that it costs nothing on large data either. */
const SAMPLES = 4096;

/** Tells data sets apart, whatever they are called: sizes, and a checksum (FNV-1a, 32 bits) of numbers in all parts. */
function fingerprint({ graph, features, labels, split }: NodeData): string {
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
