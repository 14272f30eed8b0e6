export {
  addEstimatorOptions,
  estimatorList,
  estimatorOption,
  estimatorsOption,
} from './options.js';
export { refuseRepeated } from './refuse-repeated.js';
