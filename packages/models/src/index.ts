export * from './architectures/index.js';
export * from './checkpoint-config/index.js';
export * from './classifier/index.js';
export * from './graph/index.js';
export {
  type EncoderConfig,
  LAST_LAYERS,
  type LastLayer,
  type ProblemType,
} from './layers/encoder-config.js';
export * from './safetensors/index.js';
