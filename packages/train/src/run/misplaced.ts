import type { TrainingProgress } from '../checkpoints/progress.js';
import type { RunSettings } from '../settings/settings.js';
import type { StepSource } from '../source/step-source.js';
import type { Misplaced } from './run-checkpoints.js';

/** What no run of these settings over this source has left: {@link Misplaced}. */
export const misplacedRun =
  (
    { updatesPerEpoch: updates, evaluation, accumulates }: StepSource<object>,
    { epochs, seed, evaluateEvery }: RunSettings,
  ): Misplaced =>
  (progress) => {
    const { step, epoch, position, passes, losses, partial } = progress;
    const isPlace =
      position <= (updates ?? position) && (epoch < epochs || (epoch === epochs && position === 0));
    if (!isPlace) return `update ${position} of epoch ${epoch} is not where a step ends`;
    const expected = updates === undefined ? undefined : epoch * updates + position;
    if (expected !== undefined && step !== expected)
      return `step ${step} does not end there, but step ${expected}`;
    if (step < epoch + position)
      return `step ${step} is too few for update ${position} of epoch ${epoch}`;
    if (accumulates ? passes < step : passes !== step)
      return `it has made ${passes} passes in ${step} steps`;
    if (losses.length !== epoch) return `it has ${losses.length} losses of ${epoch} epochs`;
    if (position === 0 && (partial.loss !== 0 || partial.examples !== 0))
      return 'it has losses of an epoch that has not begun';
    if (progress.seed !== seed) return `its seed is ${progress.seed}`;
    return evaluation
      ? wrongEvaluations(progress, evaluation.scores, {
          epochs,
          updates,
          ...('epochs' in evaluateEvery ? { every: evaluateEvery.epochs } : {}),
        })
      : wrongCount(progress, 0);
  };

const wrongCount = ({ evaluations }: TrainingProgress, made: number): string | undefined =>
  evaluations.length === made
    ? undefined
    : `it has ${evaluations.length} evaluations, and ${made} were made`;

/** When evaluations are made; `every` is undefined where steps tell. */
interface Times {
  readonly epochs: number;
  readonly updates: number | undefined;
  readonly every?: number;
}

/** What is wrong with a progress' evaluations. */
function wrongEvaluations(
  progress: TrainingProgress,
  metrics: readonly string[],
  { epochs, updates, every }: Times,
): string | undefined {
  const { evaluations, epoch, step } = progress;
  for (const [index, found] of evaluations.entries()) {
    const names = Object.keys(found.metrics);
    const before = evaluations[index - 1];
    if (
      found.step > step ||
      found.epoch > epoch ||
      (before && (found.step <= before.step || found.epoch < before.epoch))
    )
      return `its evaluation ${index + 1} is of step ${found.step}, epoch ${found.epoch}`;
    if (names.length !== metrics.length || metrics.some((name) => !names.includes(name)))
      return `its evaluation ${index + 1} has not the scores ${metrics.join(', ')}`;
  }
  if (every === undefined) return undefined;
  const expected = Array.from({ length: epoch }, (_, each) => each).filter(
    (each) => each + 1 === epochs || (each + 1) % every === 0,
  );
  const wrong = expected.findIndex((each, index) => {
    const found = evaluations[index];
    return (
      found &&
      (found.epoch !== each || (updates !== undefined && found.step !== (each + 1) * updates))
    );
  });
  if (wrong < 0) return wrongCount(progress, expected.length);
  const { step: at, epoch: of } = evaluations[wrong]!;
  return `its evaluation ${wrong + 1} is of step ${at}, epoch ${of}`;
}
