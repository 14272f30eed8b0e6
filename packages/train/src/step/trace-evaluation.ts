import { type Graph, type Model, trace, withData } from '@sketchgrad/core';
import { checkModel, checkShape } from '../checks/kinds.js';

/**
 * The forward pass without dropout as a graph. Inputs: the model's but those that are held. Outputs: all that
 * the model's `build` returns, among them `loss`, the batch's mean, f32 [], and of models that
 * classify `predictions`, the logits.
 *
 * @param held inputs that are tensors of the state, see `heldNames`
 */
export function traceEvaluation<Sizes extends object>(
  model: Model<Sizes>,
  shape: Sizes,
  held: Readonly<Record<string, string>> = {},
): Graph {
  checkModel(model);
  checkShape(shape);
  return trace(() => withData(held, () => model.build({ shape, training: false })));
}
