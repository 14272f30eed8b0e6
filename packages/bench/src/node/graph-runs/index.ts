export { compareOnGraph, type GraphComparison } from './compare-on-graph.js';
export { isNamed } from './dataset.js';
export { GRAPH_RUN_DECIDES } from './decides.js';
export { DATASETS } from './defaults.js';
export { loadGraph } from './load-graph.js';
export { describeNetwork, networkFor } from './network.js';
export { formatGraphResult, type GraphRunResult } from './result.js';
export { resultTable, type TableRow } from './result-table.js';
export {
  type Clusters,
  GRAPH_DEFAULTS,
  GRAPH_KEPT,
  type GraphComparisonSettings,
  type GraphRunSettings,
  type GraphSettings,
  type GraphTrainingSettings,
} from './settings.js';
export { type NetworkContext, trainNetwork } from './train-network.js';
export { trainOnGraph } from './train-on-graph.js';
