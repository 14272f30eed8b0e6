import { elements, sameShape, type TensorType } from '@sketchgrad/core';
import { BINARY, type BinaryFunction, binary } from '../kernels/element-wise/binary.js';
import { UNARY, type UnaryFunction, unary } from '../kernels/element-wise/unary.js';
import { type Dispatch, type Lowering, type Operand, overElements } from '../lowering.js';
import { broadcastStrides, NOT_STRIDED, stridedUniforms } from './strides.js';

/** y = f(x), element by element. */
export const unaryOver = (
  which: UnaryFunction,
  { x, y, count, factor = 1 }: { x?: Operand; y: Operand; count: number; factor?: number },
): Dispatch =>
  overElements(unary, count, { operands: { x, y }, uniforms: { which: UNARY[which], factor } });

const unaryOp = (op: UnaryFunction): Lowering => ({
  op,
  lower: ({ inputs: [x], outputs: [y] }) => [unaryOver(op, { x, y, count: elements(y!) })],
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
    unaryOver('scale', { x, y, count: elements(y!), factor }),
  ],
};

/** Fills a tensor of zeros in place. */
export const clear: Lowering = {
  op: 'clear',
  lower: ({ outputs: [y] }) => [unaryOver('fill', { y, count: elements(y!), factor: 0 })],
};

export const accumulate: Lowering = {
  op: 'accumulate',
  lower: ({ inputs: [total, x], outputs: [y] }) => [binaryOver('add', { a: total!, b: x!, y: y! })],
};
