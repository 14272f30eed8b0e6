import type { DeviceState, LayerEstimators } from '@sketchgrad/core';
import type { Budget, MemoryBudget } from '../budget/budget.js';
import { type Candidate, defaultCandidates } from '../budget/candidates.js';
import { chosenEstimators, type EstimatorChoice } from '../budget/choice.js';
import type { SearchEvent } from '../settings/events.js';
import type { RunSettings } from '../settings/settings.js';
import { warner } from '../settings/warn.js';
import type { StepSource } from '../source/step-source.js';
import type { Job } from '../step/executable-cache.js';
import { averageFurther, isUncertain, mayAverage } from './average-further.js';
import { chooseEstimators } from './choose-estimators.js';
import { expectWithin } from './expect-within.js';
import { leastStep } from './least-step.js';
import { probeLayers } from './probe.js';
import { ProbePasses } from './probe-passes.js';
import { type StepBytes, stepPlans } from './step-plans.js';
import { whatHelps } from './what-helps.js';

/**
 * Chooses a run's estimators by its budget: probes the model at the weights that training starts
 * from, and plans the run's largest steps. It takes less time than eight steps. What is chosen is
 * measured further where it is an average over draws whose error is above 2 %. A budget of bytes that
 * is below the least that any choice takes is refused by plans alone, before anything is measured.
 *
 * @param jobs what the run will have to execute
 * @param state of the run; the parameters are allocated in it and, by `initialize`, filled
 * @throws UsageError for a budget that cannot be met, with the least that can and what would help
 */
export async function fitBudget<Sizes extends object>(
  source: StepSource<Sizes>,
  settings: RunSettings,
  budget: Budget,
  {
    jobs,
    state,
    initialize,
  }: {
    readonly jobs: readonly Job<Sizes>[];
    readonly state: DeviceState;
    readonly initialize: () => Promise<void>;
  },
): Promise<{ readonly choice: EstimatorChoice; readonly estimator: LayerEstimators }> {
  const { backend, seed, epochs, priorities, options } = settings;
  const { candidates = defaultCandidatesOf(source), onSearch } = options;
  const planned = { source, settings, jobs, state };
  const plans = stepPlans(planned);
  const { layers, free, plan } = plans;
  const { addedBytes: bytes, ...least } = leastStep(plans, candidates);
  const within = (memory: MemoryBudget, taken: StepBytes) =>
    expectWithin(memory, taken, () => whatHelps(planned, { ...memory, candidates, least: taken }));
  if ('bytes' in budget) within(budget, least);
  const passes = new ProbePasses(source, {
    ...{ backend, state, initialize, seed, free, recompute: settings.recompute },
    keep: options.keep,
    signal: options.signal,
  });
  let [done, total] = [0, 0];
  const tell = (stage: SearchEvent['stage']) => onSearch?.({ stage, done, total: total + 1 });
  try {
    let variances = await probeLayers(passes, {
      ...{ priorities, epochs, candidates, free },
      onPass: (made, of) => {
        [done, total] = [made, of];
        tell(made < of ? 'measuring' : 'planning');
      },
    });
    const choose = () =>
      chooseEstimators(budget, {
        ...{ layers, candidates, bytes, variances, free, plan },
        expectWithin: within,
      });
    let choice = choose();
    for (let round = 1; isUncertain(choice) && mayAverage(round); round++) {
      total += passes.batches;
      tell('measuring');
      variances = await averageFurther(passes, { candidates, variances, choice, round }, () => {
        done++;
        tell(done < total ? 'measuring' : 'planning');
      });
      choice = choose();
    }
    if (isUncertain(choice)) warner(options.onWarning)(uncertainty(choice));
    done++;
    tell('planning');
    return { choice, estimator: chosenEstimators(choice, candidates, layers) };
  } finally {
    await passes.dispose();
  }
}

const uncertainty = ({ variance, varianceError }: EstimatorChoice): string =>
  `the variance of the chosen estimators, ${variance.toPrecision(3)}, is an average over draws with a ` +
  `standard error of ${((100 * varianceError) / variance).toPrecision(2)} %, more than the 2 % that was aimed at`;

/** Without those that rank rows where nobody tells whose rows a batch has. */
const defaultCandidatesOf = ({ examples }: Pick<StepSource<object>, 'examples'>): Candidate[] =>
  defaultCandidates().filter(({ estimator }) => examples !== undefined || !estimator.ranksRows);
