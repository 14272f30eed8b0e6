export { type Cost, type CostStage, extraFlops, type GraphCost, graphCost } from './graph-cost.js';
export { type LayerSizes, type PublishedComplexity, publishedComplexity } from './published.js';
