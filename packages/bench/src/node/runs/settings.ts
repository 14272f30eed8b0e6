import type { KeepChoice, RecomputeMode } from '@sketchgrad/core';
import type { PriorityPolicy } from '@sketchgrad/train';
import type { EstimatorSettings } from '@sketchgrad/train/language';
import type { BackendOptions } from '../../open-backend.js';

/** Settings of estimators, for those that do not say themselves, and how they are used. */
export interface EstimatorOptions extends EstimatorSettings {
  readonly priorities: PriorityPolicy;
  readonly everyLayer: boolean;
}

/** What decides over a step, beside its estimators. */
export interface StepOptions extends BackendOptions {
  readonly recompute: RecomputeMode;
  readonly keep?: KeepChoice;
  readonly seed: number;
}

/** Where a run is kept, and how it goes on. */
export interface RunFolderOptions {
  /** A folder; nothing is left unless given. */
  readonly out?: string;
  /** Whether what is there goes on. */
  readonly resume: boolean;
  /** Between checkpoints. */
  readonly saveEvery: number;
}

/** What is as usual. */
export const RUN_DEFAULTS = {
  ...{ backend: 'cpu', recompute: 'cheap', seed: 0 },
  ...{ priorities: 'example', everyLayer: false, resume: false },
} as const satisfies Partial<EstimatorOptions & StepOptions & RunFolderOptions>;
