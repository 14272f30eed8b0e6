import {
  checkMembers,
  type GradientEstimator,
  type KeepChoice,
  RECOMPUTE_MODES,
  type RecomputeMode,
  UsageError,
} from '@sketchgrad/core';
import { buildEstimator, settleEstimator } from './build.js';
import { checkTyped } from './checks.js';
import { keepText, parseKeep } from './keep.js';
import type { EstimatorSettings, EstimatorSpec, SettledEstimator } from './settings.js';
import { formatEstimator, parseEstimator } from './syntax.js';

/** A way to take a step: all that decides what it keeps for its backward pass. */
export interface Way {
  readonly estimator: EstimatorSpec;
  /** The estimator in every layer, those whose input the backward pass has anyway included. */
  readonly everyLayer: boolean;
  readonly keep: KeepChoice;
  readonly recompute: RecomputeMode;
}

const EVERY_LAYER = 'every-layer';

/**
 * Parses a way as it is typed: an estimator, then in any order what else is not as usual, such as
 * `quantized:3 gelu=3,norm=8 projections`.
 *
 * @param kept names of what can be kept in few bits; all unless given
 * @throws UsageError that says what would be accepted
 */
export function parseWay(text: string, kept?: readonly (keyof KeepChoice)[]): Way {
  checkTyped('a way', text, 'quantized:3 gelu=3,norm=8');
  const [name = '', ...words] = text.trim().split(/\s+/);
  if (name.includes(','))
    throw new UsageError(`'${name}' is not one way: ways have ; between them, as in 'dense; rmm'`);
  const way = {
    estimator: parseEstimator(name),
    everyLayer: false,
    keep: {} as KeepChoice,
    recompute: 'cheap' as RecomputeMode,
  };
  const seen = new Set<string>();
  for (const word of words) {
    const mode = RECOMPUTE_MODES.find((known) => known === word);
    const said = mode ? 'recompute' : word.includes('=') ? 'keep' : word;
    if (seen.has(said)) throw new UsageError(`'${text}' says '${said}' twice`);
    seen.add(said);
    if (mode) way.recompute = mode;
    else if (said === 'keep') way.keep = parseKeep(word, kept);
    else if (word === EVERY_LAYER) way.everyLayer = true;
    else
      throw new UsageError(
        `'${word}' in '${text}' is none of ${EVERY_LAYER}, gelu=BITS,norm=BITS,attention=BITS, ` +
          `${RECOMPUTE_MODES.join(', ')}`,
      );
  }
  if (way.everyLayer && way.estimator.estimator === 'dense')
    throw new UsageError(
      `${EVERY_LAYER} has no use in '${text}': with dense, gradients are exact in every layer anyway`,
    );
  return way;
}

/** Parses several, with ; between them. @throws UsageError as {@link parseWay}, or where one comes twice */
export function parseWays(text: string, kept?: readonly (keyof KeepChoice)[]): Way[] {
  checkTyped('a list of ways', text, 'dense; rmm:count:0.1');
  const ways = text.split(';').map((way) => parseWay(way, kept));
  const names = ways.map(formatWay);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new UsageError(`'${repeated}' comes twice`);
  return ways;
}

/** As it is typed; what is as usual is left out. */
export function formatWay(
  way: Pick<Way, 'keep' | 'recompute'> & {
    readonly estimator: EstimatorSpec | SettledEstimator;
    readonly everyLayer?: boolean;
  },
): string {
  checkWay(way);
  const { estimator, everyLayer = false, keep, recompute } = way;
  return [
    formatEstimator(estimator),
    everyLayer ? EVERY_LAYER : '',
    keepText(keep),
    recompute === 'cheap' ? '' : recompute,
  ]
    .filter(Boolean)
    .join(' ');
}

/** What training and tracing are told of a way. */
export interface WayOptions {
  /** Dense is the absence of it. */
  readonly estimator?: GradientEstimator;
  readonly everyLayer?: true;
  readonly keep: KeepChoice;
  readonly recompute: RecomputeMode;
}

/**
 * A way as options of `fineTune`, `trainNodes`, `train` and `traceTrainingStep`, to be spread.
 *
 * @param settings of estimators that do not say themselves; as usual unless given
 * @throws UsageError for settings that do not go together
 */
export function buildWay(way: Way, settings: EstimatorSettings = {}): WayOptions {
  checkWay(way);
  const { estimator, everyLayer, keep, recompute } = way;
  const choice = settleEstimator(estimator, settings);
  if (choice.estimator === 'dense') return { keep, recompute };
  const built = { estimator: buildEstimator(choice), keep, recompute };
  return everyLayer ? { ...built, everyLayer } : built;
}

const checkWay = (way: unknown): void =>
  checkMembers('a way', way, {
    accepted: "what parseWay('rmm:count:0.1') gives",
    members: { estimator: 'object', keep: 'object', recompute: 'string' },
  });
