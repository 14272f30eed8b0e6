import { elements, type Node, type Value, type Windows } from '@sketchgrad/core';
import { alignedFloats, partialSumBytes, shareProduct } from './gemm.js';
import { type Kernel, onEveryThread, part, type Step } from './kernel.js';
import { isPixelwise, windowArguments } from './windows.js';

/** Numbers of patches that a thread has at a time: they stay in a core's caches. */
const TILE = 1 << 16;

/** Places whose patches a thread has at a time. */
export const tilePlaces = (taken: number): number => Math.max(1, Math.floor(TILE / taken));

/** A convolution's sizes, whichever of its three ops it is of. */
interface Sizes {
  readonly windows: Windows;
  readonly batch: number;
  readonly channels: number;
  readonly outputs: number;
  /** Numbers that a window has. */
  readonly taken: number;
  /** Of all images. */
  readonly places: number;
}

function sizesOf(node: Node, images: Value, placed: Value): Sizes {
  const { windows } = node.attributes as { readonly windows: Windows };
  const [batch, , , channels] = images.shape as [number, number, number, number];
  const outputs = placed.shape[3]!;
  const taken = windows.size[0] * windows.size[1] * channels;
  return { windows, batch, channels, outputs, taken, places: elements(placed) / outputs };
}

/** Bytes of a thread's patches. */
function tileBytes({ windows, taken, places }: Sizes): number {
  if (isPixelwise(windows) || places === 0) return 0;
  return alignedFloats(Math.min(places, tilePlaces(taken)) * taken) * 4;
}

/** Places from begin to end, some at a time. */
function* tiles(
  begin: number,
  end: number,
  taken: number,
): Iterable<[first: number, count: number]> {
  const most = tilePlaces(taken);
  for (let first = begin; first < end; first += most) yield [first, Math.min(most, end - first)];
}

/** A call that makes patches, or adds them to where they were taken. */
const patchStep = (
  kernel: 'patches' | 'foldPatches',
  { windows, channels }: Sizes,
  addresses: readonly [from: number, to: number],
  [first, count]: readonly [number, number],
): Step => ({
  kernel,
  arguments: [...addresses, first, count, ...windowArguments(windows, channels)],
});

const matrix = (address: number, rows: number, columns: number) => ({ address, rows, columns });

const patchesOf = (sizes: Sizes, address: number, count = sizes.places) =>
  matrix(address, count, sizes.taken);

const placesOf = ({ outputs, places }: Sizes, address: number, [first, count] = [0, places]) =>
  matrix(address + 4 * first! * outputs, count!, outputs);

const weightsAt = ({ outputs, taken }: Sizes, address: number) => matrix(address, outputs, taken);

export const convolution: Kernel = {
  op: 'convolution',
  scratchBytes: (node, threads) =>
    threads * tileBytes(sizesOf(node, node.inputs[0]!, node.outputs[0]!)),
  lower: (node, context) => {
    const [x, w, b] = node.inputs.map((value) => context.address(value));
    const sizes = sizesOf(node, node.inputs[0]!, node.outputs[0]!);
    const y = context.address(node.outputs[0]!);
    const product = {
      b: weightsAt(sizes, w!),
      ...{ transposeA: false, transposeB: true },
      ...(b === undefined ? {} : { bias: b }),
    };
    if (sizes.places === 0) return [];
    if (isPixelwise(sizes.windows)) {
      const whole = { ...product, a: patchesOf(sizes, x!), c: placesOf(sizes, y) };
      return shareProduct(whole, context, () => context.scratch(node));
    }
    return [
      (thread) => {
        const own = context.scratch(node) + thread * tileBytes(sizes);
        const steps: Step[] = [];
        for (const tile of tiles(...part(sizes.places, thread, context.threads), sizes.taken)) {
          const a = patchesOf(sizes, own, tile[1]);
          steps.push(patchStep('patches', sizes, [x!, own], tile));
          steps.push({ ...product, a, c: placesOf(sizes, y, tile) });
        }
        return steps;
      },
    ];
  },
};

export const convolutionInputGradient: Kernel = {
  op: 'convolutionInputGradient',
  scratchBytes: (node, threads) =>
    threads * tileBytes(sizesOf(node, node.outputs[0]!, node.inputs[0]!)),
  lower: (node, context) => {
    const [dy, w] = node.inputs.map((value) => context.address(value));
    const sizes = sizesOf(node, node.outputs[0]!, node.inputs[0]!);
    const dx = context.address(node.outputs[0]!);
    const product = { b: weightsAt(sizes, w!), transposeA: false, transposeB: false };
    if (sizes.places === 0) return [];
    if (isPixelwise(sizes.windows)) {
      const whole = { ...product, a: placesOf(sizes, dy!), c: patchesOf(sizes, dx) };
      return shareProduct(whole, context, () => context.scratch(node));
    }
    const each = sizes.places / sizes.batch;
    return [
      onEveryThread(context, 'clear', [dx, elements(node.outputs[0]!)]),
      (thread) => {
        const own = context.scratch(node) + thread * tileBytes(sizes);
        const [begin, end] = part(sizes.batch, thread, context.threads);
        const steps: Step[] = [];
        // Of whole images, which nobody else adds to.
        for (const tile of tiles(begin * each, end * each, sizes.taken)) {
          const c = patchesOf(sizes, own, tile[1]);
          steps.push({ ...product, a: placesOf(sizes, dy!, tile), c });
          steps.push(patchStep('foldPatches', sizes, [own, dx], tile));
        }
        return steps;
      },
    ];
  },
};

/** Threads that make a weight's gradient. */
const sharersOf = ({ places }: Sizes, threads: number): number => Math.min(threads, places);

export const convolutionWeightGradient: Kernel = {
  op: 'convolutionWeightGradient',
  scratchBytes: (node, threads) => {
    const sizes = sizesOf(node, node.inputs[0]!, node.inputs[1]!);
    const { outputs, taken, places, windows } = sizes;
    if (places === 0) return 0;
    if (isPixelwise(windows)) return partialSumBytes(outputs, places, taken, threads);
    const sums = (sharersOf(sizes, threads) - 1) * alignedFloats(outputs * taken) * 4;
    return threads * tileBytes(sizes) + sums;
  },
  lower: (node, context) => {
    const [x, dy] = node.inputs.map((value) => context.address(value));
    const sizes = sizesOf(node, node.inputs[0]!, node.inputs[1]!);
    const dw = context.address(node.outputs[0]!);
    const { outputs, taken, places } = sizes;
    if (places === 0) return [onEveryThread(context, 'clear', [dw, outputs * taken])];
    const product = { transposeA: true, transposeB: false };
    if (isPixelwise(sizes.windows)) {
      const [a, b] = [placesOf(sizes, dy!), patchesOf(sizes, x!)];
      return shareProduct({ ...product, a, b, c: weightsAt(sizes, dw) }, context, () =>
        context.scratch(node),
      );
    }
    const sharers = sharersOf(sizes, context.threads);
    const stride = alignedFloats(outputs * taken) * 4;
    const sums = sharers > 1 ? context.scratch(node) + context.threads * tileBytes(sizes) : 0;
    const products = (thread: number): Step[] => {
      if (thread >= sharers) return [];
      const own = context.scratch(node) + thread * tileBytes(sizes);
      const c = weightsAt(sizes, thread === 0 ? dw : sums + (thread - 1) * stride);
      const [begin, end] = part(places, thread, sharers);
      const steps: Step[] = [];
      for (const tile of tiles(begin, end, taken)) {
        const [a, b] = [placesOf(sizes, dy!, tile), patchesOf(sizes, own, tile[1])];
        steps.push(patchStep('patches', sizes, [x!, own], tile));
        steps.push({ ...product, a, b, c, accumulate: tile[0] > begin });
      }
      return steps;
    };
    if (sharers === 1) return [products];
    const partial = [dw, sums, stride, sharers - 1, outputs * taken];
    return [products, onEveryThread(context, 'addPartialSums', partial)];
  },
};
