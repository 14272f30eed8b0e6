import type { EstimatorReport, StepMeasurement } from '@sketchgrad/bench';
import type { EstimatorSpec } from '@sketchgrad/train/language';
import type { ChoiceOption } from '../options/choice.js';
import type { SharedOptions } from '../options/shared.js';

/** What `step` is told. */
export interface StepOptions extends SharedOptions, ChoiceOption {
  readonly estimator: readonly EstimatorSpec[];
  readonly steps: number;
}

/** One estimator's line of the command's JSON. */
export type StepResult = EstimatorReport & Omit<StepMeasurement, 'name'>;
