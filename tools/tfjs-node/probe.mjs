// Says whether a tfjs-node works: `node probe.mjs FOLDER` loads the one that is installed in FOLDER, multiplies
// two matrices, runs an op that only libtensorflow has, and prints both versions as JSON. In a process of its
// own, because a broken library may end it.

import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import util from 'node:util';

// Node 23 has dropped it, and tfjs-node 4.22.0 calls it.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;

const [folder = '.'] = process.argv.slice(2);
const requireThere = createRequire(join(resolve(folder), 'package.json'));
const tf = requireThere('@tensorflow/tfjs-node');
const library = tf.backend();
if (tf.getBackend() !== 'tensorflow') throw new Error(`its backend is ${tf.getBackend()}`);

const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).arraySync();
const type = { name: 'T', type: library.binding.TF_ATTR_TYPE, value: library.binding.TF_INT32 };
const words = [tf.tensor1d([0b1100], 'int32'), tf.tensor1d([0b1010], 'int32')];
const [differing] = library.executeSingleOutput('BitwiseXor', [type], words).dataSync();
if (product[0][0] !== 11 || differing !== 0b0110)
  throw new Error(`wrong results: ${product[0][0]} for 11, ${differing} for 6`);

const versions = { tfjsNode: tf.version['tfjs-node'], libtensorflow: library.binding.TF_Version };
console.log(JSON.stringify(versions));
