import { accumulate, adamw, clear, clipFactor, type Shape } from '@sketchgrad/core';
import { between, exactly } from '../data.js';
import { named, type OperationCase } from './case.js';

const SHAPES: readonly Shape[] = [[], [1], [3], [4], [5, 7], [0], [129, 67]];

/** In the order of core's ADAMW_SETTINGS, at step 3. */
const settings = exactly([8], [0.01, 0.9, 0.98, 1e-6, 0.1, 1 - 0.9 ** 3, 1 - 0.98 ** 3, 0.5]);

const adamwAt = (shape: Shape): OperationCase[] =>
  [false, true].flatMap((decay) =>
    [false, true].map(
      (clipped): OperationCase => ({
        op: 'adamw',
        name: `${named(shape)}${decay ? ' with decay' : ''}${clipped ? ' clipped' : ''}`,
        inputs: {
          gradient: between(shape),
          settings,
          ...(clipped ? { factor: exactly([], [0.25]) } : {}),
        },
        state: {
          parameter: between(shape),
          first: between(shape, -0.1, 0.1),
          second: between(shape, 0.01, 0.2),
        },
        build: ({ parameter, gradient, first, second, settings, factor }) =>
          adamw([parameter!, gradient!, first!, second!, settings!, ...(factor ? [factor] : [])], {
            decay,
          }),
      }),
    ),
  );

export const updatesAt = (shape: Shape): OperationCase[] => [
  ...adamwAt(shape),
  {
    op: 'accumulate',
    name: named(shape),
    inputs: { x: between(shape) },
    state: { total: between(shape) },
    build: ({ total, x }) => [accumulate(total!, x!)],
  },
  {
    op: 'clear',
    name: named(shape),
    inputs: {},
    state: { total: between(shape) },
    build: ({ total }) => [clear(total!)],
  },
];

/** Squared norms and limits; half of the norm counts, as settings say. */
const CLIPPED: readonly (readonly [squared: number, limit: number])[] = [
  ...[0.01, 4, 400, Number.POSITIVE_INFINITY, Number.NaN].map((squared) => [squared, 1] as const),
  // Where the 1e-6 in the divisor counts as much as the norm, more, and alone.
  [4e-12, 1e-6],
  [4e-14, 1e-7],
  [0, 1e-7],
  [1e-12, 1e-3],
  // Which side of 1 the factor is on turns on it: norms of the limit, and of 1e-6 less.
  [4e-6, 1e-3],
  [(2 * (1e-3 - 1e-6)) ** 2, 1e-3],
];

export const updateCases: readonly OperationCase[] = [
  ...SHAPES.flatMap(updatesAt),
  ...CLIPPED.map(
    ([squared, limit]): OperationCase => ({
      op: 'clipFactor',
      name: `squared norm ${squared}, limit ${limit}`,
      inputs: { squared: exactly([], [squared]), settings },
      build: ({ squared: value, settings: given }) => [clipFactor(value!, given!, limit)],
    }),
  ),
];
