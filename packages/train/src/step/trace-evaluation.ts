import { type Graph, trace } from '@sketchgrad/core';
import { checkModel, checkShape } from '../checks/kinds.js';
import type { StepShape, TrainableModel } from '../model.js';

/**
 * The forward pass without dropout as a graph. Inputs: the model's. Output: `predictions`, the
 * logits, f32 [b, classes], or [b, 1] for regression.
 */
export function traceEvaluation(model: TrainableModel, shape: StepShape): Graph {
  checkModel(model);
  checkShape(shape);
  return trace(() => {
    const { predictions } = model.build({ shape, training: false });
    return { predictions };
  });
}
