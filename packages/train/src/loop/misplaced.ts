import type { TrainingProgress } from '../checkpoints/progress.js';
import type { Misplaced } from './run-checkpoints.js';
import type { Settings } from './settings.js';

/** What no run of these settings has left: {@link Misplaced}. */
export const misplacedExamples =
  ({ cut, epochs, seed, options }: Settings): Misplaced =>
  (progress) => {
    const { step, epoch, position, losses } = progress;
    const isPlace =
      position <= cut.examples &&
      (position % cut.batchSize === 0 || position === cut.examples) &&
      (epoch < epochs || (epoch === epochs && position === 0));
    if (!isPlace) return `example ${position} of epoch ${epoch} is not where a step ends`;
    const expected = epoch * cut.updates + Math.ceil(position / cut.batchSize);
    if (step !== expected) return `step ${step} does not end there, but step ${expected}`;
    if (losses.length !== step) return `it has ${losses.length} losses of ${step} steps`;
    if (progress.seed !== seed) return `its seed is ${progress.seed}`;
    const { metrics } = options.evaluation ?? {};
    const evaluated = Array.from({ length: metrics ? epoch : 0 }, (_, each) => ({
      ...{ epoch: each, step: (each + 1) * cut.updates },
    }));
    return (
      wrongEvaluations(progress, evaluated, metrics ?? []) ?? wrongBest(progress, metrics?.[0])
    );
  };

/**
 * What is wrong with a progress' evaluations.
 * @param expected when they were made
 * @param metrics the names of their scores
 */
export function wrongEvaluations(
  { evaluations }: TrainingProgress,
  expected: readonly { readonly epoch: number; readonly step?: number }[],
  metrics: readonly string[],
): string | undefined {
  if (evaluations.length !== expected.length)
    return `it has ${evaluations.length} evaluations, and ${expected.length} were made`;
  for (const [index, { epoch, step }] of expected.entries()) {
    const found = evaluations[index]!;
    if (found.epoch !== epoch || (step !== undefined && found.step !== step))
      return `its evaluation ${index + 1} is of step ${found.step}, epoch ${found.epoch}`;
    const names = Object.keys(found.metrics);
    if (names.length !== metrics.length || metrics.some((name) => !names.includes(name)))
      return `its evaluation ${index + 1} has not the scores ${metrics.join(', ')}`;
  }
  return undefined;
}

/** What is wrong with a progress' best score, the first to reach the highest. */
function wrongBest(
  { best, evaluations }: TrainingProgress,
  metric: string | undefined,
): string | undefined {
  const [first, ...rest] = metric === undefined ? [] : evaluations;
  const wanted =
    first &&
    rest.reduce(
      (top, each) => (each.metrics[metric!]! > top.metrics[metric!]! ? each : top),
      first,
    );
  const isRight = wanted
    ? best?.metric === metric &&
      best?.value === wanted.metrics[metric!] &&
      best?.step === wanted.step
    : best === null;
  return isRight ? undefined : 'its best score is none of its evaluations';
}
