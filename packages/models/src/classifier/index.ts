export type { LoadOptions } from './classifier-of.js';
export { EncoderClassifier, type ModelFile } from './encoder-classifier.js';
export type { ModelSource, TokenizerSource } from './model-source.js';
export { type ClassifierFiles, parseClassifier } from './parse-classifier.js';
export type { WeightSource } from './starting-weights.js';
