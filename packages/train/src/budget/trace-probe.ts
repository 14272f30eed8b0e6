import { backward, dense, type Graph, parameter, probed, trace } from '@sketchgrad/core';
import type { StepShape, TrainableModel } from '../model.js';

/**
 * A forward and backward pass that updates nothing and returns what core's `probed` observes of the
 * layers named: X, Y, their rows' norms, and ‖YᵀX‖².
 */
export const traceProbe = (
  model: TrainableModel,
  shape: StepShape,
  layers: ReadonlySet<string>,
): Graph =>
  trace(() => {
    const { loss } = model.build({
      shape,
      training: true,
      estimator: ({ name }) =>
        layers.has(name) ? probed({ layer: name, estimator: dense(), tensors: true }) : dense(),
    });
    const values = model.parameters.map(({ name, shape }) => parameter(name, shape));
    backward(loss, values, () => {});
    return { loss };
  });
