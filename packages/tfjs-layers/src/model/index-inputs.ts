import { UsageError } from '@sketchgrad/core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LayerConfig } from '../layers/kind.js';
import { type Container, isContainer } from './container.js';
import { supportedLayer } from './supported-layer.js';

/**
 * The inputs of a model, by their tensors' ids, that are indices, what an Embedding reads, and the rows of the least
 * table that is read by them.
 * @throws UsageError for one that something else reads too, or an Embedding of what is no input
 */
export function indexInputs(model: Container): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const others = new Set<number>();
  const seen = new Set<number>();
  const roots = new Map<number, number>(model.inputs.map(({ id }) => [id, id]));
  const visit = (container: Container, tensor: SymbolicTensor): void => {
    if (seen.has(tensor.id) || roots.has(tensor.id)) return;
    seen.add(tensor.id);
    const { sourceLayer: layer, nodeIndex } = tensor;
    const { inputTensors } = layer.inboundNodes[nodeIndex]!;
    for (const each of inputTensors) visit(container, each);
    if (isContainer(layer)) {
      for (const [at, each] of layer.inputs.entries()) {
        const root = roots.get(inputTensors[at]!.id);
        if (root !== undefined) roots.set(each.id, root);
      }
      for (const each of layer.outputs) visit(layer, each);
      return;
    }
    const rows = supportedLayer(layer).indices?.(layer.getConfig() as LayerConfig);
    for (const { id } of inputTensors) {
      const root = roots.get(id);
      if (root !== undefined) {
        if (rows === undefined) others.add(root);
        else found.set(root, Math.min(rows, found.get(root) ?? rows));
      } else if (rows !== undefined)
        throw new UsageError(
          `layer '${layer.name}' looks up what another layer made; supported is an input of the model`,
        );
    }
  };
  for (const each of model.outputs) visit(model, each);
  for (const id of found.keys())
    if (others.has(id))
      throw new UsageError(
        'an input of the model is indices for one layer and numbers for another; give it in twice',
      );
  return found;
}
