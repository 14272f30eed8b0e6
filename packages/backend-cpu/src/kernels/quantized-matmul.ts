import type { Node, QuantizedMatmulAttributes } from '@sketchgrad/core';
import { type Kernel, type LoweringContext, onEveryThread, part, type Step } from './kernel.js';
import { matrixAt } from './matmul.js';
import { checkRanks, codeAddresses, rowAndWords, rowCounts } from './quantize.js';

/** Rows of x̂ that are there at a time for each thread: enough for a good product. */
export const TILE_ROWS = 512;

const alignedFloats = (count: number): number => Math.ceil(count / 16) * 16;

/** How a product is cut: each sharing thread takes a range of rows, tile by tile. */
function cut(node: Node, threads: number) {
  const { features } = node.attributes as QuantizedMatmulAttributes;
  const [rows, outputs] = node.inputs[0]!.shape as [number, number];
  const sharers = Math.max(1, Math.min(threads, rows));
  const tileRows = Math.min(TILE_ROWS, Math.ceil(rows / sharers));
  const rowFloats = rowAndWords(features);
  const roomFloats = rowFloats + alignedFloats(tileRows * features);
  const sumFloats = alignedFloats(outputs * features);
  return { features, rows, outputs, sharers, tileRows, rowFloats, roomFloats, sumFloats };
}

type Cut = ReturnType<typeof cut>;

/**
 * yᵀ x̂: a thread unpacks some rows of x̂, multiplies, and adds up. The threads' sums are added in
 * their order.
 */
export const quantizedMatmul: Kernel = {
  op: 'quantizedMatmul',
  scratchBytes: (node, threads) => {
    const { sharers, roomFloats, sumFloats } = cut(node, threads);
    return (sharers * roomFloats + (sharers - 1) * sumFloats) * 4;
  },
  lower: (node, context) => {
    const plan = cut(node, context.threads);
    const { sharers, roomFloats, sumFloats, outputs, features, rows } = plan;
    if (outputs * features === 0) return [];
    const output = context.address(node.outputs[0]!);
    if (rows === 0) return [onEveryThread(context, 'clear', [output, outputs * features])];
    const sums = context.scratch(node) + sharers * roomFloats * 4;
    const multiply = (thread: number) => {
      if (thread >= sharers) return [];
      const sum = thread === 0 ? output : sums + (thread - 1) * sumFloats * 4;
      return tiles(node, context, plan, thread, sum);
    };
    if (sharers === 1) return [multiply];
    const args = [output, sums, sumFloats * 4, sharers - 1, outputs * features];
    return [multiply, onEveryThread(context, 'addPartialSums', args)];
  },
};

/** One thread's tiles: unpack, then multiply and add to the sum at `sum`. */
function tiles(
  node: Node,
  context: LoweringContext,
  { features, rows, outputs, sharers, tileRows, rowFloats, roomFloats }: Cut,
  thread: number,
  sum: number,
): Step[] {
  const attributes = node.attributes as QuantizedMatmulAttributes;
  const [y, ...quantized] = node.inputs;
  const { address } = matrixAt(y!, context);
  const { addresses, ranks } = codeAddresses(quantized, attributes, context);
  const work = context.scratch(node) + thread * roomFloats * 4;
  const tile = work + rowFloats * 4;
  const steps: Step[] = checkRanks(ranks, context);
  const [first, end] = part(rows, thread, sharers);
  for (let begin = first; begin < end; begin += tileRows) {
    const stop = Math.min(begin + tileRows, end);
    const how = [features, attributes.group, attributes.stream ?? 0, ...rowCounts(attributes)];
    steps.push({
      kernel: 'dequantizeRows',
      arguments: [...addresses, tile, work, begin, stop, ...how],
    });
    steps.push({
      a: { address: address + begin * outputs * 4, rows: stop - begin, columns: outputs },
      b: { address: tile, rows: stop - begin, columns: features },
      c: { address: sum, rows: outputs, columns: features },
      transposeA: true,
      transposeB: false,
      accumulate: begin > first,
    });
  }
  return steps;
}
