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

export const updateCases: readonly OperationCase[] = [
  ...SHAPES.flatMap(updatesAt),
  ...[0.01, 4, 400, Number.POSITIVE_INFINITY, Number.NaN].map(
    (squared): OperationCase => ({
      op: 'clipFactor',
      name: `squared norm ${squared}, limit 1`,
      inputs: { squared: exactly([], [squared]), settings },
      build: ({ squared: value, settings: given }) => [clipFactor(value!, given!, 1)],
    }),
  ),
];
