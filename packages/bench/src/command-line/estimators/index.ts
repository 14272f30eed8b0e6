export {
  addEstimatorOptions,
  type EstimatorOptions,
  estimatorList,
  estimatorOption,
  estimatorsOption,
} from './options.js';
export { refuseRepeated } from './refuse-repeated.js';
