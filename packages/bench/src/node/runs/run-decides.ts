import type { Decides } from './deciding.js';
import type { EstimatorOptions, RunFolderOptions, StepOptions } from './settings.js';

/** Where data lie, which estimator, and what a command line prints. */
type Others = 'data' | 'download' | 'estimator' | 'json';

/**
 * What the options decide that all runs have: an estimator's settings are told in the estimator that they
 * make, and threads in the backend.
 */
export const RUN_DECIDES: Readonly<
  Record<keyof EstimatorOptions | keyof StepOptions | keyof RunFolderOptions | Others, Decides>
> = {
  data: 'place',
  download: 'place',
  out: 'place',
  resume: 'place',
  saveEvery: 'place',
  json: 'place',
  backend: 'made',
  threads: 'made',
  recompute: 'numbers',
  keep: 'numbers',
  seed: 'numbers',
  estimator: 'made',
  priorities: 'numbers',
  everyLayer: 'numbers',
  sketch: 'made',
  rate: 'made',
  blockRows: 'made',
  replacement: 'made',
  rowsBy: 'made',
  bits: 'made',
  group: 'made',
  projection: 'made',
  rotate: 'made',
  centred: 'made',
  dither: 'made',
};
