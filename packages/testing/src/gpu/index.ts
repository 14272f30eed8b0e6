export { gpuEnvironment, prepareGpu } from './prepare.js';
