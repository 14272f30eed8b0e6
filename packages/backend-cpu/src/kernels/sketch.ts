import { diagonalBlocks, type Node } from '@sketchgrad/core';
import { type Kernel, type LoweringContext, onEveryThread, part, type Step } from './kernel.js';
import { alignedFloats, drawTile, layout, product, sketchUnit, TILE_ROWS } from './sketch-tile.js';

/** How the rows of x are shared out: each sharing thread takes a range of units, tile by tile. */
function cut(node: Node, threads: number) {
  const { rows, n, features } = layout(node);
  const unit = sketchUnit(node);
  const units = Math.ceil(n / unit);
  const sharers = Math.max(1, Math.min(threads, units));
  const tileUnits = Math.min(Math.floor(TILE_ROWS / unit), Math.ceil(units / sharers));
  const tileFloats = alignedFloats(rows * Math.min(tileUnits * unit, n));
  const partialFloats = alignedFloats(rows * features);
  return { unit, units, sharers, tileUnits, tileFloats, partialFloats };
}

/** One thread's tiles of S as a whole: draw, then multiply and add to the sum at `sum`. */
function tiles(
  node: Node,
  context: LoweringContext,
  { unit, units, sharers, tileUnits, tileFloats }: ReturnType<typeof cut>,
  thread: number,
  sum: number,
): Step[] {
  const { rows, n, features } = layout(node);
  const x = context.address(node.inputs[0]!);
  const tile = context.scratch(node) + thread * tileFloats * 4;
  const steps: Step[] = [];
  const [first, last] = part(units, thread, sharers);
  for (let at = first; at < last; at += tileUnits) {
    const begin = at * unit;
    const end = Math.min(Math.min(at + tileUnits, last) * unit, n);
    const columns = { begin: 0, end: rows };
    steps.push(drawTile(node, context, { tile, length: n, begin, end, columns }));
    const inner = { rows, count: end - begin, features };
    steps.push(product(tile, x + begin * features * 4, sum, inner, at > first));
  }
  return steps;
}

/** S as a whole: the threads' sums are added in their order. */
function lowerWhole(node: Node, context: LoweringContext) {
  const plan = cut(node, context.threads);
  const { sharers, tileFloats, partialFloats } = plan;
  const { rows, features } = layout(node);
  const output = context.address(node.outputs[0]!);
  const partials = context.scratch(node) + sharers * tileFloats * 4;
  const draw = (thread: number) => {
    if (thread >= sharers) return [];
    const sum = thread === 0 ? output : partials + (thread - 1) * partialFloats * 4;
    return tiles(node, context, plan, thread, sum);
  };
  if (sharers === 1) return [draw];
  const sums = [output, partials, partialFloats * 4, sharers - 1, rows * features];
  return [draw, onEveryThread(context, 'addPartialSums', sums)];
}

const isCut = (node: Node): boolean => node.inputs.length === 3;

/** Floats of one thread's scratch for diagonal blocks: a tile of S, and the rows that it meets. */
function blockScratch(node: Node, threads: number) {
  const { rows, n, features, blockRows } = layout(node);
  const blocks = diagonalBlocks(n, rows, blockRows);
  const [first] = blocks;
  const unit = sketchUnit(node);
  const tileRows = Math.min(Math.floor(TILE_ROWS / unit) * unit, first!.end);
  const tileFloats = alignedFloats(first!.sketchEnd * tileRows);
  const gatheredFloats = alignedFloats(tileRows * features);
  return {
    blocks,
    sharers: Math.min(threads, blocks.length),
    tileRows,
    tileFloats,
    gatheredFloats,
  };
}

/**
 * S of diagonal blocks: a thread has a range of blocks, and gathers a tile's rows of x before it
 * multiplies them. Blocks make rows of their own, so that nothing is left to be added up.
 */
function lowerBlocks(node: Node, context: LoweringContext) {
  const { n, features } = layout(node);
  const { blocks, sharers, tileRows, tileFloats, gatheredFloats } = blockScratch(
    node,
    context.threads,
  );
  const [x, , order] = node.inputs.map((value) => context.address(value));
  const output = context.address(node.outputs[0]!);
  const checks = { what: 'index', limit: n };
  return [
    (thread: number) => {
      if (thread >= sharers) return [];
      const steps: Step[] = [];
      const tile = context.scratch(node) + thread * (tileFloats + gatheredFloats) * 4;
      const gathered = tile + tileFloats * 4;
      const [first, last] = part(blocks.length, thread, sharers);
      for (const { begin, end, sketchBegin, sketchEnd } of blocks.slice(first, last)) {
        const columns = { begin: sketchBegin, end: sketchEnd };
        const rows = sketchEnd - sketchBegin;
        const sum = output + sketchBegin * features * 4;
        for (let from = begin; from < end; from += tileRows) {
          const count = Math.min(tileRows, end - from);
          const address = order! + from * 4;
          const gather = [0, 1, x!, address, gathered, n, count, features];
          steps.push({ kernel: 'gather', arguments: gather, checks: { ...checks, address } });
          const [tileBegin, tileEnd] = [from - begin, from - begin + count];
          const range = { tile, length: blocks[0]!.end, begin: tileBegin, end: tileEnd, columns };
          steps.push(drawTile(node, context, range));
          steps.push(product(tile, gathered, sum, { rows, count, features }, from > begin));
        }
      }
      return steps;
    },
  ];
}

/** Sᵀ x, tile by tile: a thread draws Sᵀ for some rows of x and multiplies. */
export const sketch: Kernel = {
  op: 'sketch',
  scratchBytes: (node, threads) => {
    if (isCut(node)) {
      const { sharers, tileFloats, gatheredFloats } = blockScratch(node, threads);
      return sharers * (tileFloats + gatheredFloats) * 4;
    }
    const { sharers, tileFloats, partialFloats } = cut(node, threads);
    return (sharers * tileFloats + (sharers - 1) * partialFloats) * 4;
  },
  lower: (node, context) => {
    const { rows, n, features } = layout(node);
    if (features === 0) return [];
    const size = rows * features;
    if (n === 0)
      return [onEveryThread(context, 'clear', [context.address(node.outputs[0]!), size])];
    return isCut(node) ? lowerBlocks(node, context) : lowerWhole(node, context);
  },
};
