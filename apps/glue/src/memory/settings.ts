import { type EstimatorSpec, parseEstimator } from '@sketchgrad/bench/command-line';
import type { KeepChoice, RecomputeMode } from '@sketchgrad/core';

/** A way to take a step, whose memory is told. */
export interface MemorySetting {
  readonly estimator: EstimatorSpec;
  readonly keep: KeepChoice;
  readonly recompute: RecomputeMode;
}

/** Of the paper's figure 8: no sketch, then rates of a half, a fifth and a tenth. */
const PAPER = ['dense', ...[0.5, 0.2, 0.1].map((rate) => `rmm:gaussian:${rate}`)];

/** What is kept in few bits by our own best settings. */
const FEW_BITS: KeepChoice = { gelu: 3, norm: 8, attention: 8 };

/** The first is what the others are compared with. */
export const memorySettings = (): MemorySetting[] => [
  ...(['none', 'cheap'] as const).flatMap((recompute) =>
    PAPER.map((name) => ({ estimator: parseEstimator(name), keep: {}, recompute })),
  ),
  ...['dense', 'rmm:count:0.1', 'quantized:2', 'quantized:mixed:1.5'].map(
    (name): MemorySetting => ({
      estimator: parseEstimator(name),
      keep: FEW_BITS,
      recompute: 'cheap',
    }),
  ),
];
