export { BUILT_IN_CONFIGS } from './built-in.js';
export { embeddedMiniLm, type ModelFiles } from './embedded-mini-lm.js';
export type { HeadOptions } from './head.js';
export { parseConfig, readConfig } from './parse.js';
export { formatConfig, writeConfig } from './write.js';
