import { operations } from '../../src/index.js';

/** How tests name the ops that they define themselves: all tests may share one process. */
export const OF_TEST = 'ofTest';

/** The names of all ops that the library defines. */
export const libraryOperations = () =>
  [...operations().keys()].filter((name) => !name.startsWith(OF_TEST));
