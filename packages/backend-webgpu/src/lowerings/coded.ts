import {
  type DequantizeAttributes,
  elements,
  type QuantizedMatmulAttributes,
  type Value,
} from '@sketchgrad/core';
import * as kernels from '../kernels/coded/kernel.js';
import { dispatch, type Lowering, overElements } from '../lowering.js';
import { codedUniforms } from '../wgsl/coded.js';
import { codesUniforms } from '../wgsl/codes.js';
import { checkedRanks } from './quantize.js';
import { rotated } from './rotate.js';

/** Codes and what belongs to them, as operands and as numbers. */
function codesGiven(
  [packed, ranges, ...others]: readonly Value[],
  attributes: QuantizedMatmulAttributes,
) {
  const { stream } = attributes;
  const [key, ranks] = stream === undefined ? [undefined, others[0]] : others;
  const rows = ranges!.shape[0]!;
  return {
    rows,
    operands: { packed, ranges, key, ranks },
    uniforms: {
      rows,
      ...codesUniforms(attributes, { ranked: ranks !== undefined, stream }),
      ...codedUniforms(stream),
    },
  };
}

export const dequantize: Lowering<DequantizeAttributes> = {
  op: 'dequantize',
  lower(node, context) {
    const { inputs, outputs, attributes } = node;
    const [x] = outputs;
    const { rows, operands, uniforms } = codesGiven(inputs, attributes);
    const { features, group, rotate } = attributes;
    return [
      ...checkedRanks(node, operands.ranks, rows),
      overElements(kernels.dequantize, elements(x!), { operands: { ...operands, x }, uniforms }),
      ...(rotate ? [rotated(context, { x, y: x, rows, features, group, inverse: true })] : []),
    ];
  },
};

export const quantizedMatmul: Lowering<QuantizedMatmulAttributes> = {
  op: 'quantizedMatmul',
  lower(node) {
    const { inputs, outputs, attributes } = node;
    const [y, ...quantized] = inputs;
    const [product] = outputs;
    const { rows, operands, uniforms } = codesGiven(quantized, attributes);
    const [features, outputCount] = [attributes.features, y!.shape[1]!];
    const tiles = Math.ceil(features / kernels.TILE);
    return [
      ...checkedRanks(node, operands.ranks, rows),
      dispatch(kernels.quantizedMatmul, {
        operands: { y, ...operands, product },
        uniforms: { ...uniforms, outputs: outputCount, tiles },
        groups: tiles * Math.ceil(outputCount / kernels.TILE),
      }),
    ];
  },
};
