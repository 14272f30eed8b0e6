import type { GraphRunResult } from '../../src/node/graph-runs/result.js';

const MIB = 2 ** 20;

/** What a run might have ended with; tests say what differs. */
export const handMade = (own: Partial<GraphRunResult> = {}): GraphRunResult => ({
  ...{ dataset: 'cora', model: 'gcn2', layers: 64, hidden: 16, backend: 'cpu' },
  ...{ estimator: 'dense', sketch: null, rate: null, keep: {}, recompute: 'cheap' },
  ...{ seed: 0, epochs: 30, bestEpoch: 12, metric: 'accuracy', steps: 30 },
  settings: {
    ...{ published: 'cora', normalizeRows: true, penalty: 5e-4, convolutionPenalty: 0.01 },
    ...{ dropout: 0.6, learningRate: 0.01, epochs: 1500, patience: 100, selectBy: 'loss' },
  },
  metrics: { valid: 0.75, test: 0.5, validLoss: 1.25 },
  loss: [2, 1],
  secondsPerEpoch: 0.25,
  ...{ plannedPeakBytes: 8 * MIB, measuredPeakBytes: 7 * MIB, processPeakBytes: 90 * MIB },
  ...{ keptBytes: 4 * MIB, linearKeptBytes: 2 * MIB, executables: 3, emptyRows: 0.0625 },
  ...own,
});
