import { type DType, describeValue, type Shape, UsageError } from '@sketchgrad/core';

/** An input of the graph, or a target. */
export interface LayersInput {
  readonly name: string;
  readonly dtype: DType;
  /** Of one example. */
  readonly shape: Shape;
  /** What its whole numbers are below: classes, or rows of the least table that is read. */
  readonly below?: number;
}

/** Sizes of one example. @throws UsageError where one is open */
export function sizesOf(what: string, shape: readonly (number | null)[]): Shape {
  const sizes = shape.slice(1);
  if (sizes.some((size) => size === null))
    throw new UsageError(
      `${what} has the shape ${describeValue(shape)}; all sizes but the batch's must be known`,
    );
  return sizes as number[];
}
