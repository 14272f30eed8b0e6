export type { LoadOptions } from './classifier-of.js';
export { EncoderClassifier, type ModelFile } from './encoder-classifier.js';
export type { ModelBatch } from './inputs.js';
export type { ModelSource, TokenizerSource } from './model-source.js';
export type { ParameterInfo } from './parameters.js';
export { type ClassifierFiles, parseClassifier } from './parse-classifier.js';
export type { WeightSource } from './starting-weights.js';
