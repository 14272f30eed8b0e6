import { elements, sameShape, type TensorType } from '@sketchgrad/core';
import {
  arithmetic,
  BINARY,
  type BinaryFunction,
  binary,
  isArithmetic,
} from '../kernels/element-wise/binary.js';
import { scaled, UNARY, type UnaryFunction, unary } from '../kernels/element-wise/unary.js';
import {
  type Dispatch,
  type Lowering,
  type Operand,
  overElements,
  vectorsOf,
} from '../lowering.js';
import { broadcastStrides, NOT_STRIDED, stridedUniforms } from './strides.js';

/** Zeros everywhere. */
export const zeros = (y: TensorType & Operand): Dispatch =>
  overElements(scaled, vectorsOf(y), {
    operands: { x: undefined, y },
    uniforms: { filled: 1, factor: 0 },
  });

const unaryOp = (op: UnaryFunction): Lowering => ({
  op,
  lower: ({ inputs: [x], outputs: [y] }) => [
    overElements(unary, elements(y!), { operands: { x, y }, uniforms: { which: UNARY[op] } }),
  ],
});

/** y = f(a, b), which broadcast to y. */
export function binaryOver(
  which: BinaryFunction,
  {
    a,
    b,
    y,
  }: {
    readonly a: TensorType & Operand;
    readonly b: TensorType & Operand;
    readonly y: TensorType & Operand;
  },
): Dispatch {
  const strided = !(sameShape(a.shape, y.shape) && sameShape(b.shape, y.shape));
  if (!strided && isArithmetic(which))
    return overElements(arithmetic, vectorsOf(y), {
      operands: { a, b, y },
      uniforms: { which: BINARY[which] },
    });
  const strides = strided
    ? stridedUniforms(
        y.shape,
        broadcastStrides(a.shape, y.shape),
        broadcastStrides(b.shape, y.shape),
      )
    : NOT_STRIDED;
  return overElements(binary, elements(y), {
    operands: { a, b, y },
    uniforms: { which: BINARY[which], strided: Number(strided), ...strides },
  });
}

const binaryOp = (op: BinaryFunction): Lowering => ({
  op,
  lower: ({ inputs: [a, b], outputs: [y] }) => [binaryOver(op, { a: a!, b: b!, y: y! })],
});

export const add = binaryOp('add');
export const subtract = binaryOp('subtract');
export const multiply = binaryOp('multiply');
export const divide = binaryOp('divide');
export const geluGradient = binaryOp('geluGradient');

export const exponential = unaryOp('exponential');
export const logarithm = unaryOp('logarithm');
export const squareRoot = unaryOp('squareRoot');
export const tanh = unaryOp('tanh');
export const gelu = unaryOp('gelu');

export const scale: Lowering<{ readonly factor: number }> = {
  op: 'scale',
  lower: ({ inputs: [x], outputs: [y], attributes: { factor } }) => [
    overElements(scaled, vectorsOf(y!), { operands: { x, y }, uniforms: { filled: 0, factor } }),
  ],
};

/** Fills a tensor of zeros in place. */
export const clear: Lowering = {
  op: 'clear',
  lower: ({ outputs: [y] }) => [zeros(y!)],
};

export const accumulate: Lowering = {
  op: 'accumulate',
  lower: ({ inputs: [total, x], outputs: [y] }) => [binaryOver('add', { a: total!, b: x!, y: y! })],
};
