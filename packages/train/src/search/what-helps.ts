import { formatBytes, type KeepChoice, RECOMPUTE_MODES } from '@sketchgrad/core';
import type { Budgeted } from '../budget/budget.js';
import type { Candidate } from '../budget/candidates.js';
import { stepJobs } from '../jobs/jobs.js';
import type { RunSettings } from '../settings/settings.js';
import { leastStep } from './least-step.js';
import { budgeted, type Planned, type StepBytes, stepPlans } from './step-plans.js';

/** Few bits that cost no score on the tasks that they were tried on. */
const FEW_BITS = { gelu: 3, norm: 8, attention: 8 } as const satisfies KeepChoice;

/** A change of one setting. */
interface Change<Sizes extends object> {
  /** As it would be typed. */
  readonly name: string;
  apply(planned: Planned<Sizes>): Planned<Sizes>;
}

/** Settings with some changes, and the least that a step then takes. */
interface Trial<Sizes extends object> {
  readonly changes: readonly Change<Sizes>[];
  readonly bytes: number;
}

/** A trial, as it is told. */
interface Tried {
  readonly changes: readonly { readonly name: string }[];
  readonly bytes: number;
}

/** What is asked to be met. */
interface Unmet {
  readonly bytes: number;
  readonly of: Budgeted;
  readonly candidates: readonly Candidate[];
  /** What a step takes at least as it is set. */
  readonly least: StepBytes;
}

/**
 * What would still help where no choice of estimators meets a budget, each tried by its plan: another
 * recomputation, few bits for what the other layers keep, and a batch in other pieces; together where
 * none of them is enough, so that none of those that are named could be left out. Where nothing is
 * enough, what comes nearest. Sentences.
 */
export function whatHelps<Sizes extends object>(planned: Planned<Sizes>, unmet: Unmet): string {
  const { bytes, of, candidates, least } = unmet;
  const trials: Trial<Sizes>[] = [{ changes: [], bytes: budgeted(least, of) }];
  const attempt = (changes: readonly Change<Sizes>[]): Trial<Sizes> => {
    const changed = changes.reduce((from, change) => change.apply(from), planned);
    const taken = leastStep(stepPlans(changed), candidates);
    const trial = { changes, bytes: budgeted(taken, of) };
    trials.push(trial);
    return trial;
  };
  const fits = (trial: Trial<Sizes>) => trial.bytes <= bytes;
  const recomputes = recomputing<Sizes>(planned.settings);
  const keeps = keeping<Sizes>(planned.settings);
  const cuts = accumulating(planned);

  /** Of some kinds of changes, one of each: those that cost least time and are enough. */
  const firstThatFits = (
    kinds: readonly (readonly Change<Sizes>[])[],
  ): Trial<Sizes> | undefined => {
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
  const state = of === 'peak' ? stepPlans(planned).stateBytes() : 0;
  return `${comesNearest(nearest, bytes)}. ${whatRemains(state, bytes)}`;
}

/** Other recomputations, those of least time first; without any nothing takes less. */
const recomputing = <Sizes extends object>({ recompute: present }: RunSettings): Change<Sizes>[] =>
  RECOMPUTE_MODES.filter((mode) => mode !== present && mode !== 'none').map((recompute) => ({
    name: `recompute '${recompute}'`,
    apply: (planned) => ({ ...planned, settings: { ...planned.settings, recompute } }),
  }));

/** Few bits for all that can be kept in few, none where it is kept in as few already. */
function keeping<Sizes extends object>({
  options: { keep: present = {} },
}: RunSettings): Change<Sizes>[] {
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
      apply: ({ settings, ...planned }) => ({
        ...planned,
        settings: { ...settings, options: { ...settings.options, keep } },
      }),
    },
  ];
}

/** Other numbers of equal pieces, by rising number; none of a source that cannot be cut. */
function accumulating<Sizes extends object>({ source, settings }: Planned<Sizes>) {
  const { cuts = [] } = source;
  return cuts.map((pieces): Change<Sizes> & { readonly pieces: number } => ({
    ...{ name: `accumulate ${pieces}`, pieces },
    apply(planned) {
      const cut = source.cutInto!(pieces);
      const evaluations = planned.jobs.filter(({ work }) => work === 'evaluate');
      const steps = stepJobs(cut, cut.known!(settings.epochs), settings);
      return { ...planned, source: cut, jobs: [...steps, ...evaluations] };
    },
  }));
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

const namesOf = ({ changes }: Tried): string => changes.map(({ name }) => name).join(' and ');

const describe = (trial: Tried): string => `${namesOf(trial)} (${formatBytes(trial.bytes)})`;

/** A little: what a budget may be raised by without a second thought. */
const LITTLE = 0.1;

function comesNearest(nearest: Tried, budget: number): string {
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
