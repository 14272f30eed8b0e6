export * from './checkpoint-config/index.js';
export * from './safetensors/index.js';
