export { BUILT_IN_CONFIGS } from './built-in.js';
export type { HeadOptions } from './head.js';
export { parseConfig } from './parse.js';
export { formatConfig } from './write.js';
