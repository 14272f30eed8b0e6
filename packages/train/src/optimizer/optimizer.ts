import { ADAMW_SETTINGS, checkOneOf, checkOptions, multiply, type Value } from '@sketchgrad/core';
import { type AdagradOptions, adagrad } from './adagrad.js';
import {
  type AdamWOptions,
  adamwMoments,
  adamwOptions,
  adamwSettings,
  updateByAdamW,
} from './adamw.js';
import { type RmsPropOptions, rmsProp } from './rms-prop.js';
import { type Moment, momentOf, settingOf, type UpdateRule } from './rule.js';
import { type SgdOptions, sgd } from './sgd.js';

/** Which optimizer, by `kind`, and its constants; AdamW unless another one is named. */
export type OptimizerOptions =
  | (Partial<AdamWOptions> & { readonly kind?: undefined })
  | SgdOptions
  | RmsPropOptions
  | AdagradOptions;

/** The same with all constants. */
export type Optimizer =
  | (AdamWOptions & { readonly kind?: undefined })
  | Required<SgdOptions>
  | Required<RmsPropOptions>
  | Required<AdagradOptions>;

/** Those beside AdamW, by their kind. */
// biome-ignore lint/suspicious/noExplicitAny: each rule's constants are its own
const RULES: Readonly<Record<NonNullable<Optimizer['kind']>, UpdateRule<any>>> = {
  sgd,
  rmsprop: rmsProp,
  adagrad,
};

/** The constants with the defaults filled in. @throws UsageError for an optimizer that there is not, or a constant out of its range */
export function optimizerOptions(options: OptimizerOptions = {}): Optimizer {
  if (!(typeof options === 'object' && options !== null && options.kind !== undefined))
    return adamwOptions(options as Partial<AdamWOptions>);
  checkOneOf("the optimizer's kind", options.kind, Object.keys(RULES) as (keyof typeof RULES)[]);
  return RULES[options.kind].resolve(options);
}

/** What an optimizer keeps of each parameter's gradients. */
export const momentsOf = (optimizer: Optimizer): readonly Moment[] =>
  optimizer.kind === undefined ? adamwMoments : RULES[optimizer.kind].moments(optimizer);

/** How a step's gradients come: added up or as they are, clipped or not. */
export interface GradientUse {
  /** f32 [8], what `optimizerSettings` gives. */
  readonly settings: Value;
  /** f32 [], what the gradient is multiplied by: clipping. */
  readonly factor?: Value | undefined;
  /** Whether it is a sum, of which settings' `gradientScale` makes a mean. */
  readonly isSum: boolean;
}

/** Traces the update of one parameter in place. */
export function updateParameter(
  optimizer: Optimizer,
  { name, decay }: { readonly name: string; readonly decay: boolean },
  value: Value,
  gradient: Value,
  { settings, factor, isSum }: GradientUse,
): void {
  if (optimizer.kind === undefined) {
    const [first, second] = adamwMoments.map((moment) => momentOf(name, value, moment));
    updateByAdamW([value, gradient, first!, second!, settings], { decay, factor });
    return;
  }
  const setting = (which: (typeof ADAMW_SETTINGS)[number]) =>
    settingOf(settings, ADAMW_SETTINGS.indexOf(which));
  const mean = isSum ? multiply(gradient, setting('gradientScale')) : gradient;
  RULES[optimizer.kind].update(optimizer, {
    ...{ name, value, learningRate: setting('learningRate') },
    gradient: factor ? multiply(mean, factor) : mean,
  });
}

/**
 * The numbers of one update, in the order of core's ADAMW_SETTINGS: f32 [8], 0 where another optimizer has no use
 * for one.
 *
 * @param step updates made before this one
 * @param gradientScale what the gradient is multiplied by; 1 unless gradients were added up
 */
export function optimizerSettings(
  optimizer: Optimizer,
  update: { readonly learningRate: number; readonly step: number; readonly gradientScale?: number },
): Float32Array {
  if (optimizer.kind === undefined) return adamwSettings(optimizer, update);
  checkOptions('an update', update, { learningRate: true, step: true, gradientScale: true });
  const { learningRate, gradientScale = 1 } = update;
  const values: Partial<Record<(typeof ADAMW_SETTINGS)[number], number>> = {
    learningRate,
    gradientScale,
  };
  return Float32Array.from(ADAMW_SETTINGS, (name) => values[name] ?? 0);
}
