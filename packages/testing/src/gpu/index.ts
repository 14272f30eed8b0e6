export { prepareGpu } from './prepare.js';
