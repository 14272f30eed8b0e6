import { type DeviceState, formatBytes, type KeepChoice, RECOMPUTE_MODES } from '@sketchgrad/core';
import { EpochCut } from '../loop/epoch-cut.js';
import type { Settings } from '../loop/settings.js';
import type { TrainableModel } from '../model.js';
import type { Budgeted } from './budget.js';
import type { Candidate } from './candidates.js';
import { leastStep } from './least-step.js';
import { budgeted, type StepBytes, stepPlans } from './step-plans.js';

/** Few bits that cost no score on the tasks that they were tried on. */
const FEW_BITS = { gelu: 3, norm: 8, attention: 8 } as const satisfies KeepChoice;

/** A change of one setting. */
interface Change {
  /** As it would be typed. */
  readonly name: string;
  apply(settings: Settings): Settings;
}

/** Settings with some changes, and the least that a step then takes. */
interface Trial {
  readonly changes: readonly Change[];
  readonly bytes: number;
}

/** What is asked to be met. */
interface Unmet {
  readonly bytes: number;
  readonly of: Budgeted;
  readonly candidates: readonly Candidate[];
  /** What a step takes at least as it is set. */
  readonly least: StepBytes;
  /** The run's. */
  readonly state: DeviceState;
}

/**
 * What would still help where no choice of estimators meets a budget, each tried by its plan: another
 * recomputation, few bits for what the other layers keep, and a batch in other pieces; together where
 * none of them is enough, so that none of those that are named could be left out. Where nothing is
 * enough, what comes nearest. Sentences.
 */
export function whatHelps(model: TrainableModel, settings: Settings, unmet: Unmet): string {
  const { bytes, of, candidates, least, state: run } = unmet;
  const trials: Trial[] = [{ changes: [], bytes: budgeted(least, of) }];
  const attempt = (changes: readonly Change[]): Trial => {
    const changed = changes.reduce((from, change) => change.apply(from), settings);
    const taken = leastStep(stepPlans(model, changed, run), candidates);
    const trial = { changes, bytes: budgeted(taken, of) };
    trials.push(trial);
    return trial;
  };
  const fits = (trial: Trial) => trial.bytes <= bytes;
  const recomputes = recomputing(settings);
  const keeps = keeping(settings);
  const cuts = accumulating(settings);

  /** Of some kinds of changes, one of each: those that cost least time and are enough. */
  const firstThatFits = (kinds: readonly (readonly Change[])[]): Trial | undefined => {
    const cut = kinds.includes(cuts);
    for (const changes of oneOfEach(kinds.filter((kind) => kind !== cuts))) {
      if (!cut) {
        const trial = attempt(changes);
        if (fits(trial)) return trial;
        continue;
      }
      // The more pieces the fewer bytes, but that one piece needs no sums of gradients.
      const ends = [cuts.find(({ pieces }) => pieces === 1), cuts.findLast(isCut)];
      const tried = ends.filter((each) => each !== undefined);
      if (!tried.map((each) => attempt([...changes, each])).some(fits)) continue;
      for (const each of cuts) {
        const trial = attempt([...changes, each]);
        if (fits(trial)) return trial;
      }
    }
    return undefined;
  };

  for (const sets of setsBySize([recomputes, keeps, cuts])) {
    const found = sets.map(firstThatFits).filter((trial) => trial !== undefined);
    if (found.length === 0) continue;
    const lead = found.length > 1 ? 'any of these fits' : 'this fits';
    return `By plan, ${lead}: ${found.map(describe).join('; ')}`;
  }
  const nearest = trials.reduce((best, trial) =>
    trial.bytes < best.bytes ||
    (trial.bytes === best.bytes && trial.changes.length < best.changes.length)
      ? trial
      : best,
  );
  const state = of === 'peak' ? stepPlans(model, settings, run).stateBytes() : 0;
  return `${comesNearest(nearest, bytes)}. ${whatRemains(state, bytes)}`;
}

/** Other recomputations, those of least time first; without any nothing takes less. */
const recomputing = ({ recompute: present }: Settings): Change[] =>
  RECOMPUTE_MODES.filter((mode) => mode !== present && mode !== 'none').map((recompute) => ({
    name: `recompute '${recompute}'`,
    apply: (settings) => ({ ...settings, recompute }),
  }));

/** Few bits for all that can be kept in few, none where it is kept in as few already. */
function keeping({ options: { keep: present = {} } }: Settings): Change[] {
  const fewer = <Kind extends keyof KeepChoice>(kind: Kind, bits: NonNullable<KeepChoice[Kind]>) =>
    present[kind] !== undefined && present[kind] < bits ? present[kind] : bits;
  const keep: Required<KeepChoice> = {
    gelu: fewer('gelu', FEW_BITS.gelu),
    norm: fewer('norm', FEW_BITS.norm),
    attention: fewer('attention', FEW_BITS.attention),
  };
  const kinds = Object.keys(keep) as (keyof KeepChoice)[];
  if (kinds.every((kind) => keep[kind] === present[kind])) return [];
  return [
    {
      name: `keep ${kinds.map((kind) => `${kind}=${keep[kind]}`).join(',')}`,
      apply: (settings) => ({ ...settings, options: { ...settings.options, keep } }),
    },
  ];
}

/** Other numbers of equal pieces, by rising number. */
function accumulating({ cut: { batchSize, accumulate, examples } }: Settings) {
  const changes: (Change & { readonly pieces: number })[] = [];
  for (let pieces = 1; pieces <= batchSize; pieces++) {
    if (batchSize % pieces !== 0 || pieces === accumulate) continue;
    const cut = new EpochCut(examples, batchSize, pieces);
    changes.push({
      ...{ name: `accumulate ${pieces}`, pieces },
      apply: (settings) => ({ ...settings, cut }),
    });
  }
  return changes;
}

const isCut = ({ pieces }: { readonly pieces: number }): boolean => pieces > 1;

/** All sets of some of three, by how many they have: [sizes][sets] */
const setsBySize = <T>([a, b, c]: readonly [T, T, T]): T[][][] => [
  [[a], [b], [c]],
  [
    [a, b],
    [a, c],
    [b, c],
  ],
  [[a, b, c]],
];

/** One element of each, in order; of none, one of no elements. */
const oneOfEach = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists.reduce<T[][]>(
    (all, list) => all.flatMap((some) => list.map((each) => [...some, each])),
    [[]],
  );

const namesOf = ({ changes }: Trial): string => changes.map(({ name }) => name).join(' and ');

const describe = (trial: Trial): string => `${namesOf(trial)} (${formatBytes(trial.bytes)})`;

/** A little: what a budget may be raised by without a second thought. */
const LITTLE = 0.1;

function comesNearest(nearest: Trial, budget: number): string {
  const over = nearest.bytes - budget;
  const share = Number(((100 * over) / budget).toPrecision(2));
  const above =
    (over <= LITTLE * budget ? `only ${formatBytes(over)} or ${share} %` : formatBytes(over)) +
    ' above the budget';
  return nearest.changes.length === 0
    ? `That is ${above}, and no other recompute, keep or accumulate takes less by plan`
    : `What takes least by plan is ${namesOf(nearest)}: ${formatBytes(nearest.bytes)} ` +
        `(${nearest.bytes} bytes), ${above}`;
}

/** @param state bytes of what every step has, 0 where that is not counted */
function whatRemains(state: number, budget: number): string {
  const of = `the parameters and what the optimizer keeps of them are ${formatBytes(state)} of any step`;
  if (state > budget) return `Only a smaller model can need so little: ${of}`;
  const less = 'Shorter sequences, smaller batches or a smaller model need less';
  return state > 0 ? `${less}; ${of}` : less;
}
