import { formatBytes, type KeepChoice, RECOMPUTE_MODES } from '@sketchgrad/core';
import { EpochCut } from '../loop/epoch-cut.js';
import type { Settings } from '../loop/settings.js';
import type { TrainableModel } from '../model.js';
import { addedBytes } from './added-bytes.js';
import type { Budgeted } from './budget.js';
import type { Candidate } from './candidates.js';
import { chosenEstimators } from './choice.js';
import { budgeted, type StepBytes, stepPlans } from './step-plans.js';

/** Few bits that cost no score on the tasks that they were tried on. */
const FEW_BITS: KeepChoice = { gelu: 3, norm: 8, attention: 8 };

/** A change of settings, as it would be typed, and the least that a step then takes. */
interface Trial {
  readonly name: string;
  readonly settings: Settings;
  readonly bytes: number;
}

/**
 * What would still help where no choice of estimators meets a budget, each tried by its plan: another
 * recomputation, few bits for what the other layers keep, and pieces of a batch; together where none
 * of them is enough. A sentence.
 */
export function whatHelps(
  model: TrainableModel,
  settings: Settings,
  { bytes, of }: { readonly bytes: number; readonly of: Budgeted },
  candidates: readonly Candidate[],
): string {
  const attempt = (name: string, changed: Settings): Trial => {
    const least = leastBytes(model, changed, candidates);
    return { name, settings: changed, bytes: budgeted(least, of) };
  };
  const fits = (trial: Trial) => trial.bytes <= bytes;
  const recomputing = (from: Settings) =>
    RECOMPUTE_MODES.filter((mode) => mode !== from.recompute && mode !== 'none').map((recompute) =>
      attempt(`recompute '${recompute}'`, { ...from, recompute }),
    );
  const keeping = (from: Settings) => {
    const keep = { ...FEW_BITS, ...from.options.keep };
    const bits = Object.entries(keep).map(([name, value]) => `${name}=${value}`);
    const options = { ...from.options, keep };
    return attempt(`keep ${bits.join(',')}`, { ...from, options });
  };
  const accumulating = (from: Settings): Trial | undefined => {
    const { batchSize, accumulate, examples } = from.cut;
    let last: Trial | undefined;
    for (let pieces = accumulate + 1; pieces <= batchSize; pieces++) {
      if (batchSize % pieces !== 0) continue;
      const cut = new EpochCut(examples, batchSize, pieces);
      last = attempt(`accumulate ${pieces}`, { ...from, cut });
      if (fits(last)) break;
    }
    return last;
  };

  const modes = recomputing(settings);
  const alone = [modes.find(fits), keeping(settings), accumulating(settings)].filter(
    (trial): trial is Trial => trial !== undefined && fits(trial),
  );
  if (alone.length > 0) return `By plan, any of these fits: ${alone.map(describe).join('; ')}`;

  const best = modes.reduce<Trial | undefined>(
    (least, each) => (least && least.bytes <= each.bytes ? least : each),
    undefined,
  );
  const together: Trial[] = [];
  for (const next of [() => best, keeping, accumulating]) {
    const trial = next(together.at(-1)?.settings ?? settings);
    if (!trial) continue;
    together.push(trial);
    if (fits(trial)) break;
  }
  const names = together.map(({ name }) => name).join(', ');
  const last = together.at(-1);
  if (last && fits(last))
    return `By plan, these fit together: ${describe({ ...last, name: names })}`;
  const { stateBytes } = stepPlans(model, settings);
  const state =
    of === 'peak'
      ? ` (the parameters and what the optimizer keeps of them are ${formatBytes(stateBytes)} of any step)`
      : '';
  return (
    (last ? `Not even these together fit: ${describe({ ...last, name: names })}` : '') +
    `${state}. Shorter sequences, smaller batches or a smaller model need less`
  );
}

const describe = ({ name, bytes }: Pick<Trial, 'name' | 'bytes'>): string =>
  `${name} (${formatBytes(bytes)})`;

/** What the largest step takes with the estimators that keep fewest bytes. */
function leastBytes(
  model: TrainableModel,
  settings: Settings,
  candidates: readonly Candidate[],
): StepBytes {
  const { layers, free, plan } = stepPlans(model, settings);
  const bytes = addedBytes(layers, candidates, (choice) => plan(choice).keptBytes);
  const chosen = layers.map(({ name }, at) => {
    const own = bytes[at]!;
    const least = candidates[own.indexOf(Math.min(...own))]!.name;
    return { layer: name, estimator: free.has(name) ? 'dense' : least };
  });
  return plan(chosenEstimators({ layers: chosen }, candidates, layers));
}
