import * as tf from '@tensorflow/tfjs-layers';
import { LENGTH, WORDS } from './glosses.js';

/** A small classifier of sentences, drawn the same each time. */
export function classifier() {
  const drawn = (seed) => tf.initializers.glorotUniform({ seed });
  const dense = (units, activation, seed) =>
    tf.layers.dense({ units, activation, kernelInitializer: drawn(seed) });
  return tf.sequential({
    layers: [
      tf.layers.embedding({
        ...{ inputDim: WORDS, outputDim: 32, inputLength: LENGTH },
        embeddingsInitializer: tf.initializers.randomNormal({ stddev: 0.1, seed: 1 }),
      }),
      tf.layers.layerNormalization(),
      dense(128, 'gelu', 2),
      dense(32, 'relu', 3),
      tf.layers.layerNormalization(),
      dense(128, 'gelu', 4),
      dense(32, 'relu', 5),
      tf.layers.globalAveragePooling1d(),
      dense(4, 'softmax', 6),
    ],
  });
}
