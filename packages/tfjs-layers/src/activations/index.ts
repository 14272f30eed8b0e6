export { type Activated, activate } from './activate.js';
export { absolute, clipped, elu } from './element-wise.js';
