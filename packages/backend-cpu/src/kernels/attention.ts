import {
  type AttentionAttributes,
  type AttentionSizes,
  attentionSizes,
  type Node,
  poolingSizes,
} from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';
import { startsCheck } from './sequences.js';

/** Queries of a short head whose scores are there at a time. */
export const QUERIES = 32;

/** Multiplications from which on a head's product is worth a call of ONNX Runtime. */
const WORTH_A_CALL = 1 << 18;

/** Rows from which on a sequence is long, its heads being of so many numbers. */
export const longFrom = (size: number): number => Math.ceil(Math.sqrt(WORTH_A_CALL / size));

/** Queries of a long head whose scores are there at a time. */
export const LONG_QUERIES = 128;

/** Columns of a panel of the kernels' products: what they make at once. */
export const PANEL = 8;

/** Probabilities whose random bits are drawn at once. */
export const DRAWN_TOGETHER = 16;

const upTo = (count: number, multiple: number): number => Math.ceil(count / multiple) * multiple;

/** Bytes of some parts, one behind the other, each of whole cache lines. */
const bytesOf = (...floats: readonly number[]): number =>
  floats.reduce((bytes, count) => bytes + upTo(4 * count, 64), 0);

/** Floats in which the random bits of so many probabilities lie, 16 each, drawn from a block of 4 on. */
const drawnFloats = (probabilities: number, threshold: number): number =>
  threshold === 0 ? 0 : upTo(probabilities + 3, DRAWN_TOGETHER) / 2;

type Describe = (node: Node) => AttentionSizes & AttentionAttributes;

const described =
  (sizes: typeof attentionSizes): Describe =>
  (node) => {
    const attributes = node.attributes as AttentionAttributes;
    return { ...attributes, ...sizes(node.inputs, attributes) };
  };

const attended = described(attentionSizes);
const pooled = described(poolingSizes);

/** What a thread needs for a head of the longest sequence, in bytes. */
type Room = (sizes: ReturnType<Describe>) => number;

/** The longest sequence that there can be. */
const longestOf = ({ rows, longest }: AttentionSizes): number => Math.min(rows, longest);

/** What a thread needs for a head of a sequence of n rows. */
type RoomOf = (n: number, sizes: ReturnType<Describe>) => number;

/** Room for a sequence however short, and for the longest. */
const roomOfAny =
  (short: RoomOf, long: RoomOf): Room =>
  (sizes) => {
    const [n, least] = [longestOf(sizes), longFrom(sizes.size)];
    return n < least ? short(n, sizes) : Math.max(short(least - 1, sizes), long(n, sizes));
  };

const forwardRoom = roomOfAny(
  (n, { size, threshold }) => {
    const [padded, queries] = [upTo(n, PANEL), Math.min(QUERIES, n)];
    return bytesOf(
      ...[drawnFloats(queries * n, threshold), padded],
      // Keys transposed and values, factors of contexts, scores.
      ...[padded * size, n * upTo(size, PANEL), queries, queries * padded],
    );
  },
  (n, { size, threshold }) => {
    const [padded, queries] = [upTo(n, PANEL), Math.min(LONG_QUERIES, n)];
    return bytesOf(
      ...[drawnFloats(queries * n, threshold), padded],
      // Keys and values, factors of contexts, queries, scores.
      ...[padded * size, padded * size, queries, queries * size, queries * padded],
    );
  },
);

const gradientRoom = roomOfAny(
  (n, { size, threshold }) => {
    const [padded, queries, columns] = [upTo(n, PANEL), Math.min(QUERIES, n), upTo(size, PANEL)];
    return bytesOf(
      ...[drawnFloats(queries * n, threshold), padded],
      // Keys and values transposed, keys, queries and cotangents of contexts, cotangents of keys and values.
      ...[padded * size, padded * size, n * columns, queries * columns, queries * columns],
      ...[padded * columns, padded * columns],
      // Scores and their cotangents.
      ...[queries * padded, queries * padded],
    );
  },
  (n, { size, threshold }) => {
    const [padded, queries] = [upTo(n, PANEL), Math.min(LONG_QUERIES, n)];
    return bytesOf(
      ...[drawnFloats(queries * n, threshold), padded],
      // Keys and values, and their cotangents.
      ...[padded * size, padded * size, padded * size, padded * size],
      // Queries, cotangents of contexts, scores and their cotangents.
      ...[queries * size, queries * size, queries * padded, queries * padded],
    );
  },
);

/** Random bits, which keys are open or cotangents, and one row. */
const poolingRoom: Room = (sizes) => {
  const n = longestOf(sizes);
  const padded = upTo(n, PANEL);
  return bytesOf(drawnFloats(n, sizes.threshold), padded, padded);
};

/** What tells the four kernels from each other. */
interface SharedByHeads {
  readonly op: string;
  readonly describe: Describe;
  readonly room: Room;
  /** Which input says where the sequences begin. */
  readonly starts: number;
  /** An input that the kernel does without. */
  readonly unread?: number;
  /** What else the kernel is told, by a head's size. */
  readonly more?: (size: number) => readonly number[];
}

/** How a kernel is called that each thread does some heads of some sequences with, in a room of its own. */
function sharedByHeads({
  op,
  describe,
  room,
  starts,
  unread,
  more = () => [],
}: SharedByHeads): Kernel {
  const scratchBytes = (node: Node, threads: number): number => {
    const sizes = describe(node);
    return Math.min(threads, sizes.examples * sizes.heads) * room(sizes);
  };
  return {
    op,
    scratchBytes,
    lower: (node, context) => {
      const sizes = describe(node);
      const { rows, examples, heads, size, longest, stream, threshold } = sizes;
      const read = node.inputs.filter((_, index) => index !== unread);
      const scratch = scratchBytes(node, context.threads) > 0 ? context.scratch(node) : 0;
      const args = [
        ...[...read, ...node.outputs].map((value) => context.address(value)),
        ...[rows, examples, heads, size, longest, stream, threshold],
        ...[scratch, room(sizes), ...more(size)],
      ];
      const checks = startsCheck(context.address(node.inputs[starts]!), rows, longest);
      return [onEveryThread(context, op, args, checks)];
    },
  };
}

const byLength = (size: number) => [QUERIES, longFrom(size), LONG_QUERIES];

/** Softmax(Q Kᵀ/√size) V within each sequence. */
export const attention = sharedByHeads({
  ...{ op: 'attention', describe: attended, room: forwardRoom },
  ...{ starts: 1, more: byLength },
});

/** Its gradient; the probabilities are made again from the log-sum-exps. */
export const attentionGradient = sharedByHeads({
  ...{ op: 'attentionGradient', describe: attended, room: gradientRoom },
  ...{ starts: 1, more: byLength },
});

/** Attention of one query a sequence. */
export const attentionPooling = sharedByHeads({
  ...{ op: 'attentionPooling', describe: pooled, room: poolingRoom },
  starts: 2,
});

/** Its gradient: the probabilities of masked keys are 0, so the mask, its input 3, is not needed. */
export const attentionPoolingGradient = sharedByHeads({
  ...{ op: 'attentionPoolingGradient', describe: pooled, room: poolingRoom },
  ...{ starts: 2, unread: 3 },
});
