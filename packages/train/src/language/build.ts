import {
  type CodeBits,
  dense,
  exact,
  type GradientEstimator,
  type MixedBits,
  quantized,
  rmm,
  rmmQuantized,
  rows,
  UsageError,
  wtaCrs,
} from '@sketchgrad/core';
import { mixedBits } from '../budget/mixed-bits.js';
import { checkSettingName, checkSettings, checkSpec } from './checks.js';
import {
  type Bits,
  drawsRows,
  type EstimatorName,
  type EstimatorSettings,
  type EstimatorSpec,
  SETTINGS,
  type SettledEstimator,
  sketchOf,
} from './settings.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What an estimator is told where nobody says. */
const DEFAULTS: Readonly<Record<EstimatorName, EstimatorSettings>> = {
  dense: {},
  rmm: { sketch: 'gaussian', rate: 0.1 },
  rows: { rowsBy: 'norm', rate: 0.1 },
  'wta-crs': { rate: 0.1 },
  quantized: { bits: 3 },
  'rmm-quantized': { sketch: 'gaussian', rate: 0.5, bits: 4 },
  exact: { bits: 2 },
};

/** What a setting is unless it is told, for an option's description: `0.1; of rmm-quantized 0.5`. */
export function usualSetting(setting: keyof EstimatorSettings): string {
  checkSettingName(setting);
  const usual = Object.entries(DEFAULTS).flatMap(([estimator, { [setting]: value }]) =>
    value === undefined ? [] : [{ estimator, value }],
  );
  const others = usual.filter(({ value }) => value !== usual[0]!.value);
  const shown = others.map(({ estimator, value }) => `of ${estimator} ${value}`).join(', ');
  return `${usual[0]!.value}${shown && `; ${shown}`}`;
}

/**
 * An estimator with all its settings: its own, else the given ones, else the usual ones.
 *
 * @param options settings of estimators that do not say themselves; what is none of this one's is left aside
 * @throws UsageError for settings that do not go together
 */
export function settleEstimator(
  spec: EstimatorSpec,
  options: EstimatorSettings = {},
): SettledEstimator {
  checkSpec(spec);
  checkSettings(options);
  const { estimator, ...own } = spec;
  const all: Writable<EstimatorSettings> = { ...DEFAULTS[estimator], ...defined(options), ...own };
  // Of the options some may be meant for other estimators; of its own settings none are.
  const { sketch } = all;
  if (sketch && takesSketch(estimator) && !drawsRows(sketch)) {
    if (own.replacement)
      throw new UsageError(
        `the sketch ${sketch} draws no rows, so that it takes no 'replacement'; dct, dft and hadamard do`,
      );
    delete all.replacement;
  }
  const taken = (SETTINGS[estimator] as readonly (keyof EstimatorSettings)[]).flatMap((setting) =>
    all[setting] === undefined ? [] : [[setting, all[setting]] as const],
  );
  return { estimator, sketch: null, rate: null, ...Object.fromEntries(taken) };
}

/** What settings are where nobody says; drawing a row twice is usual of some rows alone. */
const USUAL: EstimatorSettings = {
  ...{ group: 128, projection: 8, rotate: true, dither: true, centred: false },
};

/**
 * An estimator by what it computes: without settings that say what is usual, so that two that compute
 * the same are the same to the letter, however they were typed.
 */
export function byValue(choice: SettledEstimator): SettledEstimator {
  checkSpec(choice);
  const { estimator, rowsBy } = choice;
  const twice = estimator === 'rows' && rowsBy !== 'uniform';
  const usual: EstimatorSettings = { ...USUAL, replacement: twice };
  const told = Object.entries(choice).filter(
    ([name, value]) => value !== usual[name as keyof EstimatorSettings],
  );
  return { ...Object.fromEntries(told), estimator, sketch: choice.sketch, rate: choice.rate };
}

const takesSketch = (estimator: EstimatorName): boolean =>
  (SETTINGS[estimator] as readonly string[]).includes('sketch');

const defined = (settings: EstimatorSettings): EstimatorSettings =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));

/** The estimator itself. @throws UsageError for settings that do not go together */
export function buildEstimator(choice: SettledEstimator): GradientEstimator {
  checkSpec(choice);
  const rate = choice.rate!;
  const { replacement, blockRows } = choice;
  const sketch = () =>
    sketchOf(choice.sketch!, {
      ...(replacement === undefined ? {} : { replacement }),
      ...(blockRows === undefined ? {} : { blockRows }),
    });
  const rounding = () => ({
    ...(choice.group === undefined ? {} : { group: choice.group }),
    ...(choice.rotate === undefined ? {} : { rotate: choice.rotate }),
    ...(choice.dither === undefined ? {} : { dither: choice.dither }),
  });
  switch (choice.estimator) {
    case 'dense':
      return dense();
    case 'rmm':
      return rmm({ sketch: sketch(), rate, ...(choice.centred ? { centred: true } : {}) });
    case 'rows':
      return rows({ rate, by: choice.rowsBy!, ...(replacement ? { replacement } : {}) });
    case 'wta-crs':
      return wtaCrs({ rate });
    case 'quantized':
      return quantized({ bits: bitsOf(choice.bits!), ...rounding() });
    case 'rmm-quantized':
      return rmmQuantized({ sketch: sketch(), rate, bits: oneWidth(choice), ...rounding() });
    case 'exact': {
      const { projection } = choice;
      return exact({
        bits: oneWidth(choice),
        ...(projection === undefined ? {} : { projection }),
        ...rounding(),
      });
    }
  }
}

const bitsOf = (bits: Bits): CodeBits | MixedBits =>
  typeof bits === 'number' ? bits : mixedBits(Number(bits.slice('mixed:'.length)));

/** @throws UsageError for a mixture, where rows are mixed up already and have no rank */
function oneWidth({ estimator, bits }: SettledEstimator): CodeBits {
  if (typeof bits === 'number') return bits;
  throw new UsageError(`${estimator} takes 1, 2, 3, 4 or 8 bits, not '${bits}'`);
}
