import * as core from '../../src/index.js';
import { moments } from '../../src/reference/index.js';
import { Options } from './wrong-kinds.js';

export type Called = (...all: never[]) => unknown;

export const found = moments([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 5], 4);
export const layer = 'layer';
export const half = core.rmm({ sketch: core.gaussian(), rate: 0.5 });
const options = (members: Record<string, unknown>) => new Options(members);

export const key = core.trace(() => ({ key: core.input('key', [2], 'i32') })).outputs.key!;
const [x, y] = ['x', 'y'].map(
  (name) => core.trace(() => ({ value: core.input(name, [4, 2]) })).outputs.value!,
);
const own = { value: key, stream: 0 };
const priorities = core.trace(() => ({ p: core.input('p', [4]) })).outputs.p!;
const within =
  (called: Called): Called =>
  (...all) =>
    core.trace(() => {
      called(...all);
      return {};
    });

const ESTIMATORS = [
  core.dense(),
  half,
  core.rmm({ sketch: core.gaussian(), rate: 0.5, centred: true }),
  core.rows({ by: 'uniform', rate: 0.5 }),
  core.rows({ by: 'uniform', rate: 0.5, replacement: true }),
  core.rows({ by: 'norm', rate: 0.5 }),
  core.rows({ by: 'optimal', rate: 0.5 }),
  core.wtaCrs({ rate: 0.5 }),
  core.quantized({ bits: 3 }),
  core.exact({ bits: 2 }),
  core.rmmQuantized({ sketch: core.gaussian(), rate: 0.5, bits: 4 }),
  core.probed({ layer, estimators: [half], trained: half }),
];
const SKETCHES = [
  ...[core.gaussian(), core.rademacher(), core.count(), core.count({ balanced: false })],
  ...[core.dct(), core.dft(), core.hadamard()],
];

/** The methods of estimators and sketches, each with right arguments. */
export const METHODS_OF_VALUES: Readonly<Record<string, readonly [Called, readonly unknown[]]>> = {
  ...Object.fromEntries(
    ESTIMATORS.flatMap((each) => [
      [`${each.name}.bytes`, [each.bytes, [[64, 16]]]],
      [`${each.name}.variance`, [(of: typeof found) => each.variance(of), [found]]],
      ...(each.varianceError
        ? [[`${each.name}.varianceError`, [each.varianceError, [found]]] as const]
        : []),
      ...(each.varianceTerms
        ? [
            [
              `${each.name}.varianceTerms`,
              [
                within(each.varianceTerms as Called),
                [x, y, options({ keys: [own], ...(each.ranksRows ? { priorities } : {}) })],
              ],
            ] as const,
          ]
        : []),
      [
        `${each.name}.keep`,
        [
          within((of: core.Value) =>
            each.keep(of, each.random ? own : undefined, each.ranksRows ? priorities : undefined),
          ),
          [x],
        ],
      ],
      [
        `${each.name}.weightGradient`,
        [
          within((of: core.Value) => {
            const given = each.ranksRows ? priorities : undefined;
            const kept = each.keep(x!, each.random ? own : undefined, given);
            each.weightGradient(kept, of, each.random ? own : undefined, 2);
          }),
          [y],
        ],
      ],
      ...(each.restore
        ? [
            [
              `${each.name}.restore`,
              [
                within((shape: readonly [number, number]) => {
                  const given = each.ranksRows ? priorities : undefined;
                  const kept = each.keep(x!, each.random ? own : undefined, given);
                  each.restore!(kept, each.random ? own : undefined, shape);
                }),
                [[4, 2]],
              ],
            ] as const,
          ]
        : []),
    ]),
  ),
  ...Object.fromEntries(
    SKETCHES.flatMap((each, at) => [
      [`${each.name}.variance ${at}`, [each.variance, [found, 2]]],
      [`${each.name}.apply ${at}`, [within(each.apply as Called), [x, own, 2]]],
    ]),
  ),
};
