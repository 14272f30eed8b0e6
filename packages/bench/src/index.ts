export { type Column, comparisonTable } from './comparison-table.js';
export {
  type Contender,
  type MeasureOptions,
  measureSteps,
  type PreparedStep,
  type StepMeasurement,
} from './measure-steps.js';
export { ResidentPeak } from './resident-peak.js';
export { type Spread, spread } from './spread.js';
export { timeShares } from './time-shares.js';
