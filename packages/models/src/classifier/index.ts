export { EncoderClassifier, type ModelSource } from './encoder-classifier.js';
export type { ModelBatch } from './inputs.js';
export { type LoadOptions, loadClassifier } from './load-classifier.js';
export { type ModelFileList, modelFiles } from './model-files.js';
export type { ParameterInfo } from './parameters.js';
export type { WeightSource } from './starting-weights.js';
