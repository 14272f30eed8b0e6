export {
  type Contender,
  type MeasureOptions,
  measureSteps,
  type PreparedStep,
  type ResidentMemory,
  type StepMeasurement,
} from './measure-steps.js';
export { type Spread, spread } from './spread.js';
export { timeShares } from './time-shares.js';
