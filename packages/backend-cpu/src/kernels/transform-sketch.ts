import {
  diagonalBlocks,
  type Node,
  type Transform,
  transformInputs,
  transformSizes,
} from '@sketchgrad/core';
import { type Kernel, type LoweringContext, onEveryThread, part, type Step } from './kernel.js';

type Attributes = {
  readonly transform: Transform;
  readonly rows: number;
  readonly stream: number;
  readonly replacement: boolean;
  readonly blockRows: number | undefined;
};

/** The kernel's number of each basis. */
const KINDS: Readonly<Record<Transform, number>> = { hadamard: 0, dct: 1, dft: 2 };

/** Floats of the strip of columns that is transformed at once: it stays in a core's cache. */
export const STRIP_FLOATS = 1 << 16;

/** Columns of a strip at least, and what their number is a multiple of. */
export const LEAST_WIDTH = 16;

/** Bytes of four Threefry blocks, the least that is drawn at once. */
const GROUP_BYTES = 32;

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

const floorTo = (count: number, multiple: number): number =>
  Math.floor(count / multiple) * multiple;

/** Sizes of a thread's scratch: random words, the quarter wave, the strip. */
function cut(node: Node, threads: number) {
  const { transform, rows, replacement, blockRows } = node.attributes as Attributes;
  const [n, features] = node.inputs[0]!.shape as [number, number];
  const { length } = transformSizes(node.inputs[0]!, rows, blockRows);
  const signBlocks = Math.ceil(n / 64);
  const drawnBlocks = signBlocks + (replacement ? Math.ceil(rows / 2) : 0);
  const groups = Math.ceil(drawnBlocks / 4);
  const drawnBytes = aligned(groups * GROUP_BYTES);
  const isWave = transform !== 'hadamard' && length > 1;
  const waveBytes = isWave ? aligned((length + 1) * 4) : 0;
  const width = Math.max(LEAST_WIDTH, floorTo(STRIP_FLOATS / length, LEAST_WIDTH));
  const stride = Math.min(width, Math.ceil(features / 4) * 4);
  const strips = Math.ceil(features / width);
  const blocks = diagonalBlocks(n, rows, blockRows);
  const sharers = Math.min(threads, strips * blocks.length);
  const bytes = drawnBytes + waveBytes + aligned(length * stride * 4);
  const drawn = { signBlocks, groups, drawnBytes, isWave, waveBytes };
  return { n, features, length, width, stride, strips, blocks, sharers, bytes, ...drawn };
}

/** One thread's share of blocks and strips of columns. */
function strips(
  node: Node,
  context: LoweringContext,
  plan: ReturnType<typeof cut>,
  thread: number,
): Step[] {
  const { n, features, length, width, blocks } = plan;
  const { transform, stream, replacement } = node.attributes as Attributes;
  const addresses = node.inputs.map((value) => context.address(value));
  const { x, key, order = 0, slots = 0, chosen = 0 } = transformInputs(node, addresses);
  const drawn = context.scratch(node) + thread * plan.bytes;
  const table = drawn + plan.drawnBytes;
  const z = table + plan.waveBytes;
  const output = context.address(node.outputs[0]!);
  const steps: Step[] = [
    { kernel: 'threefryBlocks', arguments: [drawn, key, stream, 0, plan.groups] },
  ];
  const check = (address: number, count: number, limit: number) => {
    if (!address) return;
    const checks = { what: 'index', address, limit };
    steps.push({ kernel: 'checkIndices', arguments: [address, count, limit], checks });
  };
  check(order, n, n);
  check(slots, blocks.length * length, length);
  check(chosen, blocks.length * length, length);
  if (plan.isWave) {
    const angle = Math.PI / (2 * length);
    const turn = [Math.cos(angle), Math.sin(angle)];
    steps.push({ kernel: 'quarterWave', arguments: [table, length, ...turn] });
  }
  const kind = plan.isWave ? KINDS[transform] : KINDS.hadamard;
  const shift = replacement ? 32 - Math.log2(length) : 0;
  const choice = replacement ? drawn + plan.signBlocks * 8 : chosen;
  const [first, end] = part(plan.strips * blocks.length, thread, plan.sharers);
  for (let at = first; at < end; at++) {
    const index = Math.floor(at / plan.strips);
    const block = blocks[index]!;
    const column = (at % plan.strips) * width;
    const columns = Math.min(width, features - column);
    const source = [kind, x, features, column, columns];
    const rowsFrom = [order, drawn, block.begin, block.end, slots && slots + index * length * 4];
    const pick = choice + (replacement ? block.sketchBegin : index * length) * 4;
    const taken = block.sketchEnd - block.sketchBegin;
    const y = output + block.sketchBegin * features * 4;
    const to = [pick, shift, y, taken, Math.fround(1 / Math.sqrt(taken))];
    const transformed = [z, Math.ceil(columns / 4) * 4, length, table, ...to];
    steps.push({ kernel: 'transformSketch', arguments: [...source, ...rowsFrom, ...transformed] });
  }
  return steps;
}

/**
 * Strips of columns are copied into the cache, transformed there, and give the chosen rows: a
 * thread has some of them, and needs nothing of another's.
 */
export const transformSketch: Kernel = {
  op: 'transformSketch',
  scratchBytes: (node, threads) => {
    const { sharers, bytes } = cut(node, threads);
    return sharers * bytes;
  },
  lower: (node, context) => {
    const plan = cut(node, context.threads);
    if (plan.features === 0) return [];
    const { rows } = node.attributes as Attributes;
    const output = context.address(node.outputs[0]!);
    if (plan.n === 0) return [onEveryThread(context, 'clear', [output, rows * plan.features])];
    return [(thread) => (thread < plan.sharers ? strips(node, context, plan, thread) : [])];
  },
};
