import { elements } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type Lowering, SCALAR_BYTES } from '../lowering.js';

/** Bits of a word. */
const BITS = 32;

/** What each bit of a word adds to it, the lowest first; the highest is the sign's. */
const POWERS = Int32Array.from({ length: BITS }, (_, bit) => 1 << bit);

export const relu: Lowering = {
  op: 'relu',
  scratchBytes({ inputs: [x], outputs: [y, bits] }) {
    if (elements(x!) === 0) return 0;
    const flags = bytesOf(bits!) * BITS;
    const padded = flags === bytesOf(x!) ? 0 : flags;
    // While the powers are there, neither y is nor are the bits; or while flags are made, 1 byte each.
    const made = Math.max(
      Math.max(flags, padded) + flags + bytesOf({ shape: [BITS], dtype: 'i32' }),
      elements(x!) + bytesOf(x!),
      elements(x!) + SCALAR_BYTES,
    );
    return Math.max(0, made - bytesOf(y!, bits!));
  },
  lower([x], { outputs: [, bits] }, { tf, scalar, upload, view }) {
    const words = elements(bits!);
    if (words === 0) return [tf.zeros(x!.shape), tf.zeros([0], 'int32')];
    const zero = scalar(0);
    const above = tf.greater(view(x!, [x!.size]), zero);
    zero.dispose();
    let flags: Tensor = tf.cast(above, 'int32');
    above.dispose();
    if (words * BITS > x!.size) {
      const padded = tf.pad(flags, [[0, words * BITS - x!.size]]);
      flags.dispose();
      flags = padded;
    }
    const powers = upload(POWERS.slice());
    const parts = tf.mul(view(flags, [words, BITS]), powers);
    for (const used of [flags, powers]) used.dispose();
    const packed = tf.sum(parts, 1);
    parts.dispose();
    return [tf.relu(x!), packed];
  },
};

export const reluGradient: Lowering = {
  op: 'reluGradient',
  lower([bits, dy], _, { tf, read, upload }) {
    const words = read(bits!);
    const passes = new Float32Array(dy!.size);
    for (let i = 0; i < passes.length; i++) passes[i] = (words[i >> 5]! >>> (i & 31)) & 1;
    return [tf.mul(dy!, upload(passes, dy!.shape))];
  },
  scratchBytes: ({ inputs: [, dy] }) => bytesOf(dy!),
};
