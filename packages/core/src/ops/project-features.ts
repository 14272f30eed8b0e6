import { checkFlag, checkIndexCount, checkSize } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { ShapeError } from '../errors.js';
import { checkKey } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import { expectKey, expectType } from './rules.js';

/** What the kernel of `projectFeatures` is told. */
export type ProjectFeaturesAttributes = {
  /** Features before the projection, rows of R. */
  readonly features: number;
  /** Features after it, columns of R. */
  readonly columns: number;
  readonly back: boolean;
  readonly stream: number;
};

const build = defineOp<ProjectFeaturesAttributes>({
  name: 'projectFeatures',
  infer: ([x, key], { features, columns, back }) => {
    expectType('x', x!, 'f32', 2);
    expectKey(key!);
    const [from, to] = back ? [columns, features] : [features, columns];
    if (x!.shape[1] !== from)
      throw new ShapeError(`x has ${x!.shape[1]} features, R takes ${from}`);
    return [{ shape: [x!.shape[0]!, to], dtype: 'f32' }];
  },
  // What is kept in place of an activation is not differentiated: only a weight's gradient reads it.
  vjp: 'none',
  flops: ([x], [y]) => 2 * elements(x!) * y!.shape[1]!,
});

/**
 * x R, or with `back` x Rᵀ, for R [features, columns] of independent signs over √columns, so that
 * E[R Rᵀ] = I: the random projection of EXACT (ICLR 2022). Entry (f, j) is bit f mod 64 of Threefry
 * block j · ⌈features/64⌉ + ⌊f/64⌋ of the stream, the lower word first; a set bit is −1; entries are
 * scaled by the f32 number 1/√columns. R is there while this runs, in scratch memory.
 *
 * @param x f32 [rows, features], or with `back` [rows, columns]
 * @returns f32 [rows, columns], or with `back` [rows, features]
 * @throws UsageError unless `columns` is a whole number ≥ 1
 */
export function projectFeatures(
  x: Value,
  options: {
    readonly features: number;
    readonly columns: number;
    readonly back?: boolean;
    readonly key: Key;
  },
): Value {
  checkOptions('projectFeatures', options, {
    features: checkSize,
    columns: checkIndexCount,
    back: checkFlag,
    key: checkKey,
  });
  const { features, columns, back = false, key } = options;
  return build([x, key.value], { features, columns, back, stream: key.stream })[0]!;
}
