/** After an update. */
export interface StepEvent {
  /** Updates made, this one included; over resumed runs as over whole ones. */
  readonly step: number;
  readonly totalSteps: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** The batch's mean loss, before the update. */
  readonly loss: number;
  readonly learningRate: number;
  /** The mean of the latest steps. */
  readonly secondsPerStep: number;
  /** For the remaining steps, without evaluations. */
  readonly etaSeconds: number;
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
  /** Scores by name; empty without evaluation. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** While estimators are looked for that keep to a budget, before the first step. */
export interface SearchEvent {
  /** What is being done next: passes over a few batches measure variances, then steps are planned. */
  readonly stage: 'measuring' | 'planning';
  /** Passes made; one more once all is planned. */
  readonly done: number;
  readonly total: number;
}
