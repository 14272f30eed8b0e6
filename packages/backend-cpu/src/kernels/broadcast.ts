import type { Shape } from '@sketchgrad/core';

/** Axes that a kernel walks by itself. */
export const KERNEL_AXES = 4;

/** Operands repeated along an output's axes, in as few axes as do. */
export interface Broadcast {
  /** Sizes of the output's axes: {@link KERNEL_AXES} or more. */
  readonly sizes: readonly number[];
  /** For each operand its stride along each axis, in elements; 0 where it repeats. */
  readonly strides: readonly (readonly number[])[];
}

/** A row-major operand's stride along each axis of `shape`, to which it broadcasts. */
function stridesWithin(operand: Shape, shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(0);
  let stride = 1;
  for (let axis = operand.length - 1; axis >= 0; axis--) {
    const size = operand[axis]!;
    if (size !== 1) strides[axis + shape.length - operand.length] = stride;
    stride *= size;
  }
  return strides;
}

/**
 * Joins neighbouring axes that every operand runs through in one stride, and drops those of size 1,
 * so that what is left are a few axes of which the last is long.
 */
export function collapse(shape: Shape, operands: readonly Shape[]): Broadcast {
  const all = operands.map((operand) => stridesWithin(operand, shape));
  const sizes: number[] = [];
  const strides: number[][] = operands.map(() => []);
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const joins =
      sizes.length > 0 && strides.every((kept, i) => kept.at(-1) === all[i]![axis]! * size);
    if (joins) sizes.push(sizes.pop()! * size);
    else sizes.push(size);
    strides.forEach((kept, i) => {
      if (joins) kept.pop();
      kept.push(all[i]![axis]!);
    });
  });
  while (sizes.length < KERNEL_AXES) {
    sizes.unshift(1);
    for (const kept of strides) kept.unshift(0);
  }
  return { sizes, strides };
}

/** What one call of a kernel does of a broadcast: the last axes, from these elements on. */
export interface BroadcastPart {
  readonly sizes: readonly number[];
  readonly strides: readonly (readonly number[])[];
  /** First element of each operand, and of the output. */
  readonly operandOffsets: readonly number[];
  readonly outputOffset: number;
}

/** One part for each position along the axes that a kernel does not walk; mostly one in all. */
export function broadcastParts({ sizes, strides }: Broadcast): BroadcastPart[] {
  const outer = sizes.length - KERNEL_AXES;
  const inner = { sizes: sizes.slice(outer), strides: strides.map((all) => all.slice(outer)) };
  const innerSize = inner.sizes.reduce((product, size) => product * size, 1);
  if (sizes.includes(0)) return [];
  const count = sizes.slice(0, outer).reduce((product, size) => product * size, 1);
  return Array.from({ length: count }, (_, part) => {
    const operandOffsets = strides.map(() => 0);
    let rest = part;
    for (let axis = outer - 1; axis >= 0; axis--) {
      const index = rest % sizes[axis]!;
      rest = Math.floor(rest / sizes[axis]!);
      strides.forEach((all, i) => {
        operandOffsets[i]! += index * all[axis]!;
      });
    }
    return { ...inner, operandOffsets, outputOffset: part * innerSize };
  });
}
