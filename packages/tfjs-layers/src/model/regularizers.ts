import { add, scale, squaredNorm, sum, UsageError, type Value } from '@sketchgrad/core';
import { absolute } from '../activations/index.js';
import type { LayerConfig } from '../layers/kind.js';

/** What is added to the loss for a weight w: l1 Σ |w| + l2 Σ w². */
export interface Regularizer {
  /** The weight's own name: `kernel`. */
  readonly weight: string;
  readonly l1: number;
  readonly l2: number;
}

const SETTING = /^(.+)Regularizer$/;

/**
 * A layer's regularizers, from its settings.
 * @throws UsageError for one of what a layer makes, or of another class than L1L2
 */
export function regularizersOf(layer: string, config: LayerConfig): readonly Regularizer[] {
  return Object.entries(config).flatMap(([setting, given]) => {
    const weight = SETTING.exec(setting)?.[1];
    if (weight === undefined || given === null || given === undefined) return [];
    const { className, config: rates } = given as { className?: string; config?: LayerConfig };
    if (weight === 'activity' || className !== 'L1L2')
      throw new UsageError(
        `layer '${layer}' has the ${setting} ${className}, which is not supported; supported are l1, l2 and l1l2 of weights`,
      );
    const { l1, l2 } = rates as { readonly l1: number; readonly l2: number };
    return [{ weight, l1, l2 }];
  });
}

/** What a regularizer adds to the loss: f32 []; undefined where that is nothing. */
export function penaltyOf({ l1, l2 }: Regularizer, weight: Value): Value | undefined {
  const terms = [
    ...(l1 === 0 ? [] : [scale(sum(absolute(weight)), l1)]),
    ...(l2 === 0 ? [] : [scale(squaredNorm(weight), l2)]),
  ];
  return terms.length === 0 ? undefined : terms.reduce(add);
}
