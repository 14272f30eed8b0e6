export { type AdjacencyMatrix, normalizedAdjacency } from './adjacency.js';
export {
  type Gcn2Config,
  type GcnConfig,
  GRAPH_MODELS,
  type GraphNetworkConfig,
} from './config.js';
export type { LabelledNodes } from './graph-data.js';
export { GraphNetwork } from './graph-network.js';
export type { GraphParameter, GraphStatistic } from './parameters.js';
