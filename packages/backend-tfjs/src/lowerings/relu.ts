import { elements } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type Lowering, type LoweringContext, SCALAR_BYTES } from '../lowering.js';
import type { Abilities } from '../platforms/platform.js';
import { done } from '../tensors/done.js';

/** Bits of a word. */
const BITS = 32;

/** What each bit of a word adds to it, the lowest first; the highest is the sign's. */
const POWERS = Int32Array.from({ length: BITS }, (_, bit) => 1 << bit);

/** Whether words are added up on the device: not where it rounds them. */
const addsWords = ({ wholeNumberBits }: Abilities): boolean => wholeNumberBits === BITS;

/** A bit an element, whether it is above 0, in words that the device adds up. */
function bitsAbove(
  x: Tensor,
  words: number,
  { tf, scalar, upload, view }: LoweringContext,
): Tensor {
  const zero = scalar(0);
  const above = tf.greater(view(x, [x.size]), zero);
  zero.dispose();
  let flags: Tensor = tf.cast(above, 'int32');
  above.dispose();
  if (words * BITS > x.size) {
    const padded = tf.pad(flags, [[0, words * BITS - x.size]]);
    flags.dispose();
    flags = padded;
  }
  const powers = upload(POWERS.slice());
  const parts = tf.mul(view(flags, [words, BITS]), powers);
  done(flags, powers);
  const packed = tf.sum(parts, 1);
  parts.dispose();
  return packed;
}

/** The same, added up on the host. */
function bitsOnHost(x: Tensor, words: number, { read, upload }: LoweringContext): Tensor {
  const packed = new Int32Array(words);
  for (const [i, value] of read(x).entries()) if (value > 0) packed[i >> 5]! |= 1 << (i & 31);
  return upload(packed);
}

export const relu: Lowering = {
  op: 'relu',
  scratchBytes({ inputs: [x], outputs: [y, bits] }, abilities) {
    if (elements(x!) === 0 || !addsWords(abilities)) return 0;
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
  lower([x], { outputs: [, bits] }, context) {
    const { tf, abilities } = context;
    const words = elements(bits!);
    if (words === 0) return [tf.zeros(x!.shape), tf.zeros([0], 'int32')];
    const pack = addsWords(abilities) ? bitsAbove : bitsOnHost;
    const packed = pack(x!, words, context);
    return [tf.relu(x!), packed];
  },
};

export const reluGradient: Lowering = {
  op: 'reluGradient',
  scratchBytes: ({ inputs: [, dy] }) => bytesOf(dy!),
  lower([bits, dy], _, { tf, read, upload }) {
    const words = read(bits!);
    const passes = new Float32Array(dy!.size);
    for (let i = 0; i < passes.length; i++) passes[i] = (words[i >> 5]! >>> (i & 31)) & 1;
    return [tf.mul(dy!, upload(passes, dy!.shape))];
  },
};
