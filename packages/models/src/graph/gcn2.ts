import { checkpoint, parameter, relu, scope, type Value } from '@sketchgrad/core';
import type { Gcn2Config } from './config.js';
import { hiddenLayer } from './gcn.js';
import { gcn2Conv, gcn2Shared } from './gcn2-conv.js';
import { graphLinear } from './graph-linear.js';
import { dropFeatures, type GraphPass, zeroUnused } from './pass.js';

/**
 * GCNII (arXiv 2007.02133): a linear layer with ReLU gives X₀, then convolutions that each add it
 * again, then a linear layer; dropout before each. f32 [nodes, inputs] → the logits, f32 [nodes,
 * classes].
 */
export function gcn2(features: Value, config: Gcn2Config, pass: GraphPass): Value {
  const { layers, hidden, classes, lambda, dropInput } = config;
  const outer = (x: Value, name: string, outputs: number) => {
    const weight = parameter(`${name}.weight`, [outputs, x.shape[1]!]);
    const bias = parameter(`${name}.bias`, [outputs]);
    return scope(name, () => graphLinear(x, name, { weight, bias }, pass));
  };
  const dropped = dropInput ? dropFeatures(features, pass) : features;
  const first = zeroUnused(relu(outer(dropped, 'lins.0', hidden)), pass);
  const shared = gcn2Shared(first, config, pass);
  let x = first;
  for (let layer = 0; layer < layers; layer++) {
    const name = `convs.${layer}`;
    const beta = Math.log(lambda / (layer + 1) + 1);
    x = scope(name, () =>
      checkpoint(() => {
        const dropped = dropFeatures(x, pass);
        return hiddenLayer(gcn2Conv(dropped, { name, beta }, shared, pass), dropped, layer, pass);
      }),
    );
  }
  return outer(dropFeatures(x, pass), 'lins.1', classes);
}
