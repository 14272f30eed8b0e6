import type { Node, ProjectFeaturesAttributes } from '@sketchgrad/core';
import { shareProduct } from './gemm.js';
import { type Kernel, type Phase, part } from './kernel.js';
import { matrixAt } from './matmul.js';

/** Its number in the tile kernel. */
const SIGNS = 1;

const attributesOf = (node: Node) => node.attributes as ProjectFeaturesAttributes;

/** Draws Rᵀ once, each thread some of its rows, and multiplies. */
export const projectFeatures: Kernel = {
  op: 'projectFeatures',
  scratchBytes: (node) => 4 * attributesOf(node).features * attributesOf(node).columns,
  lower: (node, context) => {
    const { features, columns, back, stream } = attributesOf(node);
    const [x, key] = node.inputs;
    const address = features === 0 ? 0 : context.scratch(node);
    const scale = Math.fround(1 / Math.sqrt(columns));
    const draw: Phase = (thread) => {
      const [begin, end] = part(columns, thread, context.threads);
      if (begin === end || features === 0) return [];
      const tile = [address + begin * features * 4, SIGNS, features, 0, features, end - begin];
      const from = [context.address(key!), stream, context.gaussianTable, scale, begin];
      return [{ kernel: 'sketchTile', arguments: [...tile, ...from] }];
    };
    const product = {
      a: matrixAt(x!, context),
      b: { address, rows: columns, columns: features },
      c: matrixAt(node.outputs[0]!, context),
      transposeA: false,
      transposeB: !back,
    };
    // With A as it is, the product needs no room for partial sums.
    return [draw, ...shareProduct(product, context, () => 0)];
  },
};
