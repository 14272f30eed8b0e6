import { type AttentionAttributes, attentionSizes, type Node } from '@sketchgrad/core';
import { type HeadGroup, headGroups, packHeads, unpackHeads } from './attention-heads.js';
import type { GemmCall, Kernel, KernelCall, LoweringContext, Phase, Step } from './kernel.js';

/** Probabilities whose random bits are drawn at once. */
export const DRAWN_TOGETHER = 16;

/** Where the parts of a thread's work lie, in floats from its beginning. */
interface Layout {
  readonly floats: number;
  at(name: string): number;
}

function layout(parts: Readonly<Record<string, number>>): Layout {
  const offsets = new Map<string, number>();
  let floats = 0;
  for (const [name, size] of Object.entries(parts)) {
    offsets.set(name, floats);
    floats += Math.ceil(size / 16) * 16;
  }
  return { floats, at: (name) => offsets.get(name)! };
}

function describe(node: Node, threads: number) {
  const attributes = node.attributes as AttentionAttributes;
  const sizes = attentionSizes(node.inputs, attributes);
  return { ...attributes, ...sizes, groups: headGroups(sizes, threads) };
}

type Description = ReturnType<typeof describe>;

/** The groups that a thread works on: dealt out in turn. */
const groupsOf = ({ groups }: Description, thread: number, threads: number): HeadGroup[] =>
  groups.filter((_, index) => index % threads === thread);

/** What a thread needs room for at a time: the sizes of its largest group. */
function largest({ sequence, size, threshold }: Description, groups: readonly HeadGroup[]) {
  const heads = groups.reduce((most, group) => Math.max(most, group.heads), 0);
  // 16 bits for each probability of a row, drawn in groups from the last multiple of 4 on.
  const most = sequence + (sequence % 4 === 0 ? 0 : 3);
  const drawn = Math.ceil(most / DRAWN_TOGETHER) * DRAWN_TOGETHER;
  const bits = threshold === 0 || heads === 0 ? 0 : drawn / 2;
  return { rows: heads * sequence * size, scores: heads * sequence * sequence, bits };
}

type Sizes = ReturnType<typeof largest>;

const forwardLayout = ({ rows, scores, bits }: Sizes): Layout =>
  layout({ bits, queries: rows, keysTransposed: rows, values: rows, scores });

const backwardLayout = ({ rows, scores, bits }: Sizes): Layout =>
  layout({
    bits,
    queries: rows,
    keys: rows,
    keysTransposed: rows,
    valuesTransposed: rows,
    dcontext: rows,
    scores,
    dscores: scores,
  });

/** Each thread's room, one behind the other. */
function workOf(node: Node, threads: number, make: (sizes: Sizes) => Layout) {
  const description = describe(node, threads);
  const works: { groups: HeadGroup[]; work: Layout; offset: number }[] = [];
  let floats = 0;
  for (let thread = 0; thread < threads; thread++) {
    const groups = groupsOf(description, thread, threads);
    const work = make(largest(description, groups));
    works.push({ groups, work, offset: floats * 4 });
    floats += work.floats;
  }
  return { description, works, bytes: floats * 4 };
}

/** Products of a group's heads: [heads, m, k] · [heads, k, n], A transposed where that is said. */
function product(
  group: HeadGroup,
  [a, b, c]: readonly [number, number, number],
  [m, k, n]: readonly [number, number, number],
  transposeA = false,
): GemmCall {
  const left = transposeA ? { rows: k, columns: m } : { rows: m, columns: k };
  return {
    a: { address: a, ...left },
    b: { address: b, rows: k, columns: n },
    c: { address: c, rows: m, columns: n },
    transposeA,
    transposeB: false,
    batch: group.heads,
  };
}

/** What both row kernels are told of a group: mask, log-sum-exps, and where its random bits start. */
function rowArguments(
  node: Node,
  context: LoweringContext,
  { sequence, heads: all, stream, threshold }: Description,
  { batch, first, heads }: HeadGroup,
  logSumExp: number,
  bits: number,
): number[] {
  const task = batch * all + first;
  return [
    context.address(node.inputs[1]!) + batch * sequence * 4,
    logSumExp + task * sequence * 4,
    heads * sequence,
    sequence,
    context.address(node.inputs[2]!),
    stream,
    threshold,
    task * sequence,
    bits,
  ];
}

/**
 * Attention for a few heads of one sequence at a time, so that scores stay in the cache: heads are
 * packed, multiplied, normalised and dropped row by row, multiplied again and put in their place.
 */
export const attention: Kernel = {
  op: 'attention',
  scratchBytes: (node, threads) => workOf(node, threads, forwardLayout).bytes,
  lower: (node, context) => {
    const { description, works } = workOf(node, context.threads, forwardLayout);
    const { sequence, size, features } = description;
    const projections = context.address(node.inputs[0]!);
    const [output, logSumExp] = node.outputs.map((value) => context.address(value));
    const steps: StepsOfGroup = (group, place) => {
      const [q, kt, v] = [place('queries'), place('keysTransposed'), place('values')];
      const scores = place('scores');
      const rows = rowArguments(node, context, description, group, logSumExp!, place('bits'));
      const softmax: KernelCall = { kernel: 'attentionSoftmax', arguments: [scores, ...rows] };
      return [
        packHeads(group, description, projections, 0, q, 'rows', 1 / Math.sqrt(size)),
        packHeads(group, description, projections, 1, kt, 'columns'),
        packHeads(group, description, projections, 2, v, 'rows'),
        product(group, [q, kt, scores], [sequence, size, sequence]),
        softmax,
        product(group, [scores, v, q], [sequence, sequence, size]),
        unpackHeads(group, { ...description, columns: features }, q, output!, 0),
      ];
    };
    return [shareGroups(works, node, context, steps)];
  },
};

/** Gradient of attention, the same way; the probabilities are made again from the log-sum-exps. */
export const attentionGradient: Kernel = {
  op: 'attentionGradient',
  scratchBytes: (node, threads) => workOf(node, threads, backwardLayout).bytes,
  lower: (node, context) => {
    const { description, works } = workOf(node, context.threads, backwardLayout);
    const { sequence, size, features } = description;
    const [projections, , , logSumExp, dcontext] = node.inputs.map((value) =>
      context.address(value),
    );
    const gradient = context.address(node.outputs[0]!);
    const wide = { ...description, columns: 3 * features };
    const narrow = { ...description, columns: features };
    const scale = 1 / Math.sqrt(size);
    const steps: StepsOfGroup = (group, place) => {
      const [q, k, dout] = [place('queries'), place('keys'), place('dcontext')];
      const [kt, vt] = [place('keysTransposed'), place('valuesTransposed')];
      const [p, ds] = [place('scores'), place('dscores')];
      const rows = rowArguments(node, context, description, group, logSumExp!, place('bits'));
      const shape: [number, number, number] = [sequence, sequence, size];
      return [
        packHeads(group, wide, projections!, 0, q, 'rows', scale),
        packHeads(group, wide, projections!, 1, k, 'rows'),
        packHeads(group, wide, projections!, 1, kt, 'columns'),
        packHeads(group, wide, projections!, 2, vt, 'columns'),
        packHeads(group, narrow, dcontext!, 0, dout, 'rows'),
        product(group, [q, kt, p], [sequence, size, sequence]),
        product(group, [dout, vt, ds], [sequence, size, sequence]),
        { kernel: 'attentionScoreGradient', arguments: [p, ds, ...rows] },
        // Kᵀ and Vᵀ are not needed any more; the products take their places.
        product(group, [ds, k, kt], shape),
        unpackHeads(group, wide, kt, gradient, 0, scale),
        product(group, [ds, q, kt], shape, true),
        unpackHeads(group, wide, kt, gradient, 1),
        product(group, [p, dout, vt], shape, true),
        unpackHeads(group, wide, vt, gradient, 2),
      ];
    };
    return [shareGroups(works, node, context, steps)];
  },
};

/** What is done for a group of heads; `place` says where a part of the thread's room begins. */
type StepsOfGroup = (group: HeadGroup, place: (name: string) => number) => Step[];

/** Each thread does its groups one after another, in a room of its own. */
function shareGroups(
  works: ReturnType<typeof workOf>['works'],
  node: Node,
  context: LoweringContext,
  steps: StepsOfGroup,
): Phase {
  return (thread) => {
    const { groups, work, offset } = works[thread]!;
    if (groups.length === 0) return [];
    const base = context.scratch(node) + offset;
    return groups.flatMap((group) => steps(group, (name) => base + work.at(name) * 4));
  };
}
