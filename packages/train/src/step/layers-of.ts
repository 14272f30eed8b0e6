import { dense, type LayerEstimators, type LinearLayer, trace, type Value } from '@sketchgrad/core';

/** A model of either kind, as far as its layers go. */
export interface LayeredModel<Sizes> {
  build(options: {
    readonly shape: Sizes;
    readonly training: boolean;
    readonly estimator: LayerEstimators;
  }): { readonly loss: Value };
}

/** Every layer whose estimator may be chosen, in the order of the forward pass. */
export function layersOf<Sizes>(model: LayeredModel<Sizes>, shape: Sizes): LinearLayer[] {
  const layers: LinearLayer[] = [];
  const estimator: LayerEstimators = ({ starts: _, used: __, ...layer }) => {
    layers.push(layer);
    return dense();
  };
  trace(() => {
    const { loss } = model.build({ shape, training: true, estimator });
    return { loss };
  });
  return layers;
}
