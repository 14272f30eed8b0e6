import { operations } from '@sketchgrad/core';
import type { Capabilities } from '../capabilities.js';

const OF_HOST_STORE: readonly string[] = ['copyFromHost', 'copyToHost'];

/** The ops that a backend must have kernels for. Call it before any test runs: some define ops. */
export const opsFor = ({ hostStore }: Capabilities): string[] =>
  [...operations().keys()].filter((op) => hostStore || !OF_HOST_STORE.includes(op)).sort();
