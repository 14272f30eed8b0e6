import type { Node, SketchKind } from '@sketchgrad/core';
import { type Kernel, type LoweringContext, onEveryThread, part, type Step } from './kernel.js';
import { matrixAt } from './matmul.js';

type Attributes = { readonly kind: SketchKind; readonly rows: number; readonly stream: number };

/**
 * For each kind of entry: its number in the tile kernel, and the rows of x that one SIMD step of the
 * kernel covers (four Threefry blocks of five Gaussian entries; one block of 64 signs).
 */
const KINDS: Readonly<Record<SketchKind, { readonly code: number; readonly unit: number }>> = {
  gaussian: { code: 0, unit: 20 },
  rademacher: { code: 1, unit: 64 },
};

/** Rows of x that one tile of S meets, about: enough for a good product, few enough for the cache. */
const TILE_ROWS = 512;

const alignedFloats = (count: number): number => Math.ceil(count / 16) * 16;

/** How a sketch is cut: each sharing thread takes a range of units, tile by tile. */
function cut(node: Node, threads: number) {
  const { kind, rows } = node.attributes as Attributes;
  const [count, features] = node.inputs[0]!.shape as [number, number];
  const { code, unit } = KINDS[kind];
  const units = Math.ceil(count / unit);
  const sharers = Math.max(1, Math.min(threads, units));
  const tileUnits = Math.min(Math.floor(TILE_ROWS / unit), Math.ceil(units / sharers));
  const tileFloats = alignedFloats(rows * Math.min(tileUnits * unit, count));
  const partialFloats = alignedFloats(rows * features);
  return {
    code,
    count,
    features,
    rows,
    unit,
    units,
    sharers,
    tileUnits,
    tileFloats,
    partialFloats,
  };
}

/**
 * Sᵀ x, tile by tile: a thread draws Sᵀ for some rows of x, multiplies, and adds up. The threads'
 * sums are added in their order. S is never there as a whole.
 */
export const sketch: Kernel = {
  op: 'sketch',
  scratchBytes: (node, threads) => {
    const { sharers, tileFloats, partialFloats } = cut(node, threads);
    return (sharers * tileFloats + (sharers - 1) * partialFloats) * 4;
  },
  lower: (node, context) => {
    const plan = cut(node, context.threads);
    const { sharers, tileFloats, partialFloats, rows, features } = plan;
    if (rows * features === 0) return [];
    const output = context.address(node.outputs[0]!);
    if (plan.count === 0) return [onEveryThread(context, 'clear', [output, rows * features])];
    const partials = context.scratch(node) + sharers * tileFloats * 4;
    const draw = (thread: number) => {
      if (thread >= sharers) return [];
      const sum = thread === 0 ? output : partials + (thread - 1) * partialFloats * 4;
      return tiles(node, context, plan, thread, sum);
    };
    if (sharers === 1) return [draw];
    const sums = [output, partials, partialFloats * 4, sharers - 1, rows * features];
    return [draw, onEveryThread(context, 'addPartialSums', sums)];
  },
};

/** One thread's tiles: draw, then multiply and add to the sum at `sum`. */
function tiles(
  node: Node,
  context: LoweringContext,
  {
    code,
    count,
    features,
    rows,
    unit,
    units,
    sharers,
    tileUnits,
    tileFloats,
  }: ReturnType<typeof cut>,
  thread: number,
  sum: number,
): Step[] {
  const { stream } = node.attributes as Attributes;
  const x = matrixAt(node.inputs[0]!, context);
  const key = context.address(node.inputs[1]!);
  const tile = context.scratch(node) + thread * tileFloats * 4;
  const scale = Math.fround(1 / Math.sqrt(rows));
  const steps: Step[] = [];
  const [first, end] = part(units, thread, sharers);
  for (let at = first; at < end; at += tileUnits) {
    const begin = at * unit;
    const stop = Math.min(Math.min(at + tileUnits, end) * unit, count);
    const drawn = [tile, code, count, begin, stop, rows, key, stream, context.gaussianTable, scale];
    steps.push({ kernel: 'sketchTile', arguments: drawn });
    steps.push({
      a: { address: tile, rows, columns: stop - begin },
      b: { address: x.address + begin * features * 4, rows: stop - begin, columns: features },
      c: { address: sum, rows, columns: features },
      transposeA: false,
      transposeB: false,
      accumulate: at > first,
    });
  }
  return steps;
}
