export { BACKEND_NAMES, type Examination, examine } from './doctor/examine.js';
export {
  type Alike,
  describeReport,
  type EstimatorReport,
  type LinearLayers,
  layersOfEstimator,
  reportChosen,
  type WayReport,
  warningOfKept,
} from './estimators/linear-layers.js';
export {
  type Contender,
  type MeasureOptions,
  measureSteps,
  type PreparedStep,
  type ResidentMemory,
  type StepMeasurement,
} from './measure-steps.js';
export { ModelSteps, type ModelStepsOptions, type StepWay } from './model-steps.js';
export { type BackendOptions, backendSettings, openBackend } from './open-backend.js';
export { type Spread, spread } from './spread.js';
export { timeShares } from './time-shares.js';
