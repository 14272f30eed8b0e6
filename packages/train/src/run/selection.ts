import type { EvaluationRecord } from '../checkpoints/progress.js';
import type { Selection } from '../settings/options.js';

/** The best of a run's evaluations, the first of several that are equal; undefined of none. */
export function bestOf(
  evaluations: readonly EvaluationRecord[],
  by: Selection,
  leading: string | undefined,
): EvaluationRecord | undefined {
  const rank = ({ metrics, loss }: EvaluationRecord) =>
    by === 'score' && leading !== undefined ? metrics[leading]! : -loss;
  const [first, ...rest] = evaluations;
  return first && rest.reduce((best, each) => (rank(each) > rank(best) ? each : best), first);
}

/**
 * Whether so many epochs have gone by without a smaller loss.
 * @param epoch epochs that are complete
 */
export function isOutOfPatience(
  evaluations: readonly EvaluationRecord[],
  epoch: number,
  patience: number | undefined,
): boolean {
  const best = bestOf(evaluations, 'loss', undefined);
  return patience !== undefined && best !== undefined && epoch - 1 - best.epoch >= patience;
}
