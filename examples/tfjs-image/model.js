import * as tf from '@tensorflow/tfjs-layers';

/** A small convnet, drawn the same each time. */
export function convnet() {
  const drawn = (seed) => tf.initializers.glorotUniform({ seed });
  const convolution = (filters, seed) => ({
    filters,
    ...{ kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: drawn(seed) },
  });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ ...convolution(8, 1), inputShape: [28, 28, 1] }),
      tf.layers.conv2d(convolution(8, 2)),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d(convolution(16, 3)),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 64, activation: 'relu', kernelInitializer: drawn(4) }),
      tf.layers.dense({ units: 10, activation: 'softmax', kernelInitializer: drawn(5) }),
    ],
  });
}
