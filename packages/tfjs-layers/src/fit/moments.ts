import { type DeviceState, readFloats } from '@sketchgrad/core';
import { stateNames } from '@sketchgrad/train';
import { scalar, type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LayersGraph } from '../model/layers-graph.js';
import { asInTensorFlow } from '../model/weights.js';

/**
 * Gives the optimizer's running means to the model's Adam, so that a `model.fit` goes on from there.
 * @param steps updates made
 */
export async function giveMoments(
  graph: LayersGraph,
  state: DeviceState,
  { optimizer }: LayersModel,
  steps: number,
): Promise<void> {
  const named: { name: string; tensor: Tensor }[] = [
    { name: 'iter', tensor: scalar(steps, 'int32') },
  ];
  for (const moment of ['first', 'second'] as const)
    for (const weight of graph.trained) {
      const kept = await readFloats(state, stateNames(weight.name)[moment]);
      const data = asInTensorFlow(weight, kept);
      const shape = weight.variable.shape as number[];
      named.push({
        name: `${weight.variable.originalName}/${moment}`,
        tensor: tensor(data, shape),
      });
    }
  const before = await optimizer.getWeights();
  await optimizer.setWeights(named);
  for (const { tensor } of [...before, ...named]) tensor.dispose();
}
