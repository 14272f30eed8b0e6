import type { Decides } from '../runs/deciding.js';
import type { EstimatorOptions } from './options.js';

/** What each option of estimators decides: settings are told in the estimator that they make. */
export const ESTIMATOR_DECIDES: Readonly<Record<keyof EstimatorOptions, Decides>> = {
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
};
