import { activation, eluLayer, leakyRelu, prelu, reluLayer, softmaxLayer } from './activation.js';
import { batchNormalization } from './batch-normalization.js';
import { convolutionLayer } from './convolution.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import { embedding } from './embedding.js';
import { inputLayer } from './input.js';
import type { LayerKind } from './kind.js';
import { layerNormalization } from './layer-normalization.js';
import { addLayer, average, concatenateLayer, multiplyLayer } from './merge.js';
import {
  averagePoolingLayer,
  globalAveragePooling,
  globalMaxPooling,
  maxPoolingLayer,
} from './pooling.js';
import { flatten, permute, reshapeLayer } from './shape-changing.js';

const KINDS: readonly LayerKind[] = [
  ...[inputLayer, dense, embedding, layerNormalization, batchNormalization, dropout],
  ...[activation, reluLayer, leakyRelu, prelu, eluLayer, softmaxLayer],
  ...[convolutionLayer, maxPoolingLayer, averagePoolingLayer],
  ...[globalAveragePooling, globalMaxPooling, flatten, reshapeLayer, permute],
  ...[addLayer, multiplyLayer, average, concatenateLayer],
];

/** How layers are traced, by TensorFlow.js' name of their class. */
export const LAYER_KINDS: ReadonlyMap<string, LayerKind> = new Map(
  KINDS.flatMap((kind) => kind.classes.map((name) => [name, kind] as const)),
);
