import { BackendError, type Shape } from '@sketchgrad/core';
import { AXES } from '../wgsl/strided.js';

/** A tensor's strides along the axes of another that it broadcasts to: 0 where it repeats. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = new Array<number>(to.length).fill(0);
  let stride = 1;
  for (let axis = from.length - 1; axis >= 0; axis--) {
    const size = from[axis]!;
    if (size !== 1) strides[to.length - from.length + axis] = stride;
    stride *= size;
  }
  return strides;
}

/** Strides of a tensor that lies row after row. */
export const rowStrides = (shape: Shape): number[] => broadcastStrides(shape, shape);

/** What kernels with STRIDED are told of axes, those that go together made one. */
export function stridedUniforms(
  sizes: readonly number[],
  first: readonly number[],
  second: readonly number[],
): StridedUniforms {
  const axes: { size: number; first: number; second: number }[] = [];
  for (const [axis, size] of sizes.entries()) {
    if (size === 1) continue;
    const last = axes.at(-1);
    const [a, b] = [first[axis]!, second[axis]!];
    if (last && last.first === a * size && last.second === b * size) {
      last.size *= size;
      [last.first, last.second] = [a, b];
    } else axes.push({ size, first: a, second: b });
  }
  if (axes.length > AXES)
    throw new BackendError(
      `tensors of ${axes.length} axes that do not go together: ${AXES} are the most`,
    );
  while (axes.length < AXES) axes.unshift({ size: 1, first: 0, second: 0 });
  const half = (begin: number, name: 'size' | 'first' | 'second') =>
    axes.slice(begin, begin + AXES / 2).map((axis) => axis[name]);
  return {
    ...{ outerSizes: half(0, 'size'), innerSizes: half(4, 'size') },
    ...{ outerFirst: half(0, 'first'), innerFirst: half(4, 'first') },
    ...{ outerSecond: half(0, 'second'), innerSecond: half(4, 'second') },
  };
}

interface StridedUniforms {
  readonly outerSizes: readonly number[];
  readonly innerSizes: readonly number[];
  readonly outerFirst: readonly number[];
  readonly innerFirst: readonly number[];
  readonly outerSecond: readonly number[];
  readonly innerSecond: readonly number[];
}

/** Of kernels that are told of none. */
export const NOT_STRIDED = stridedUniforms([], [], []);
