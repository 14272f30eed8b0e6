import { add, checkpoint, relu, scope, type Value } from '@sketchgrad/core';
import { gcnConv } from './gcn-conv.js';
import { graphBatchNorm } from './graph-batch-norm.js';
import { dropFeatures, type GraphPass, zeroUnused } from './pass.js';

/**
 * A graph convolutional network: convolutions, with batch normalisation, the layer's input and ReLU
 * between them and dropout before each. f32 [nodes, inputs] → the logits, f32 [nodes, classes].
 */
export function gcn(features: Value, pass: GraphPass): Value {
  const { layers, hidden, classes, dropInput, batchNorm } = pass.config;
  // Batch normalisation would take a bias away again.
  const inner = { outputs: hidden, hasBias: !batchNorm };
  let x = features;
  for (let layer = 0; layer < layers - 1; layer++) {
    const name = `convs.${layer}`;
    x = scope(name, () =>
      checkpoint(() => {
        const dropped = layer > 0 || dropInput ? dropFeatures(x, pass) : x;
        return hiddenLayer(gcnConv(dropped, name, inner, pass), dropped, layer, pass);
      }),
    );
  }
  const name = `convs.${layers - 1}`;
  const last = layers > 1 || dropInput ? dropFeatures(x, pass) : x;
  return scope(name, () => gcnConv(last, name, { outputs: classes, hasBias: true }, pass));
}

/** What comes after a convolution: normalisation, the layer's input, ReLU. f32 [nodes, hidden]. */
export function hiddenLayer(x: Value, before: Value, layer: number, pass: GraphPass): Value {
  const { batchNorm, residual, hidden } = pass.config;
  const normalized = batchNorm ? graphBatchNorm(x, `bns.${layer}`, pass) : x;
  const sum = residual && before.shape[1] === hidden ? add(normalized, before) : normalized;
  return zeroUnused(relu(sum), pass);
}
