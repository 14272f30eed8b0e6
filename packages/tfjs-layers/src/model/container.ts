import { UsageError, type Value } from '@sketchgrad/core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { TfLayer } from '../layers/kind.js';

/** A model, or a layer that is one. */
export type Container = Pick<LayersModel, 'inputs' | 'outputs' | 'layers' | 'name'>;

/** Whether a layer is a model of layers itself. */
export const isContainer = (layer: TfLayer): layer is TfLayer & Container =>
  'layers' in layer && 'outputs' in layer && Array.isArray((layer as { layers: unknown }).layers);

/** Every layer of a model that is none itself, with the names of the models that it lies in. */
export function* layersWithin(
  { layers }: Container,
  within: readonly string[] = [],
): Iterable<{ readonly layer: TfLayer; readonly within: readonly string[] }> {
  for (const layer of layers)
    if (isContainer(layer)) yield* layersWithin(layer, [...within, layer.name]);
    else yield { layer, within };
}

/** Applies a layer that is no model. */
export type ApplyLayer = (layer: TfLayer, inputs: readonly Value[]) => Value;

/**
 * Follows a model from its inputs to its outputs.
 * @throws UsageError for a layer with several outputs
 */
export function followContainer(
  container: Container,
  inputs: readonly Value[],
  apply: ApplyLayer,
): Value[] {
  const known = new Map<number, Value>();
  for (const [at, tensor] of container.inputs.entries()) known.set(tensor.id, inputs[at]!);
  const valueFrom = (tensor: SymbolicTensor): Value => {
    const found = known.get(tensor.id);
    if (found) return found;
    const { sourceLayer: layer, nodeIndex } = tensor;
    const node = layer.inboundNodes[nodeIndex]!;
    const given = node.inputTensors.map(valueFrom);
    const made = isContainer(layer) ? followContainer(layer, given, apply) : [apply(layer, given)];
    if (made.length !== node.outputTensors.length)
      throw new UsageError(
        `layer '${layer.name}' has ${node.outputTensors.length} outputs; supported is one`,
      );
    for (const [at, each] of node.outputTensors.entries()) known.set(each.id, made[at]!);
    return known.get(tensor.id)!;
  };
  return container.outputs.map(valueFrom);
}
