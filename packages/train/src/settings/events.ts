import type { DeviceState } from '@sketchgrad/core';
import type { EvaluationRecord } from '../checkpoints/progress.js';

/** After an update. */
export interface StepEvent {
  /** Updates made, this one included; over resumed runs as over whole ones. */
  readonly step: number;
  /** Updates of the whole run; null where a source does not tell how many an epoch has. */
  readonly totalSteps: number | null;
  /** Counted from 0. */
  readonly epoch: number;
  /** The batch's mean loss, before the update. */
  readonly loss: number;
  readonly learningRate: number;
  /** The mean of the latest steps. */
  readonly secondsPerStep: number;
  /** For the remaining steps, without evaluations; null where nobody knows how many. */
  readonly etaSeconds: number | null;
  readonly plannedPeakBytes: number;
  readonly measuredPeakBytes: number;
}

/** After an epoch, and its evaluation where there is one. */
export interface EpochEvent {
  /** Counted from 0. */
  readonly epoch: number;
  /** Updates made. */
  readonly step: number;
  /** The mean over the epoch's examples. */
  readonly loss: number;
  /** The evaluation after its last update, where there was one. */
  readonly evaluation: EvaluationRecord | undefined;
  /** The mean of the latest epochs, evaluations apart. */
  readonly secondsPerEpoch: number;
  /** The plan's largest peak so far, of a step or of an evaluation, in bytes. */
  readonly plannedPeakBytes: number;
  /** The run's, with the weights as they are by now; to be read alone. */
  readonly state: DeviceState;
}

/** While estimators are looked for that keep to a budget, before the first step. */
export interface SearchEvent {
  /** What is being done next: passes over a few batches measure variances, then steps are planned. */
  readonly stage: 'measuring' | 'planning';
  /** Passes made; one more once all is planned. */
  readonly done: number;
  readonly total: number;
}
