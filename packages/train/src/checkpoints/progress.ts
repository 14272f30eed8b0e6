import { describeValue, UsageError } from '@sketchgrad/core';

/** What JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The settings of a run by name: everything that its numbers depend on. */
export type Configuration = Readonly<Record<string, Json>>;

/** The scores of one evaluation. */
export interface EvaluationRecord {
  /** Updates made before it. */
  readonly step: number;
  /** The epoch that it was made in, counted from 0. */
  readonly epoch: number;
  /** The mean over the evaluation's examples. */
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Where a run stands, apart from its tensors: with them, all that continuing it needs. */
export interface TrainingProgress {
  /** Updates made. */
  readonly step: number;
  /** The epoch that the next update belongs to, counted from 0. */
  readonly epoch: number;
  /** Updates of that epoch that have been made. */
  readonly position: number;
  /** Passes over a batch: updates, but where gradients of several batches are added up. */
  readonly passes: number;
  /** The seed of data order, dropout and sketches. */
  readonly seed: number;
  /** The mean loss over the examples of each epoch that is complete. */
  readonly losses: readonly number[];
  /** Of the epoch that is not: sums over the updates made. */
  readonly partial: { readonly loss: number; readonly examples: number };
  readonly evaluations: readonly EvaluationRecord[];
  readonly configuration: Configuration;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function isEvaluation(value: unknown): boolean {
  return (
    isRecord(value) &&
    isCount(value.step) &&
    isCount(value.epoch) &&
    Number.isFinite(value.loss) &&
    isRecord(value.metrics) &&
    Object.values(value.metrics).every(Number.isFinite)
  );
}

const isPartial = (value: unknown): boolean =>
  isRecord(value) && Number.isFinite(value.loss) && isCount(value.examples);

/** Lists and objects within one another in a setting: more than any has, few enough to compare them. */
const DEEPEST = 64;

/** JSON would turn NaN and infinities into null without a word. */
function isJson(value: unknown, levels = DEEPEST): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((each) => isJson(each, levels - 1));
  return isRecord(value) && Object.values(value).every((each) => isJson(each, levels - 1));
}

/** The name of the first field that does not hold what it should, or undefined. */
function wrongField(value: Record<string, unknown>): string | undefined {
  for (const field of ['step', 'epoch', 'position', 'passes', 'seed']) {
    if (!isCount(value[field])) return field;
  }
  if (!Array.isArray(value.losses) || !value.losses.every(Number.isFinite)) return 'losses';
  if (!isPartial(value.partial)) return 'partial';
  if (!Array.isArray(value.evaluations) || !value.evaluations.every(isEvaluation)) {
    return 'evaluations';
  }
  if (!isRecord(value.configuration) || !isJson(value.configuration)) return 'configuration';
  return undefined;
}

/**
 * A run's progress from something that should be one.
 *
 * @throws UsageError naming the field that is missing, of another type, or not finite
 */
export function checkProgress(value: unknown): TrainingProgress {
  if (!isRecord(value)) throw new UsageError('the progress of a run must be an object');
  const wrong = wrongField(value);
  if (wrong !== undefined) {
    throw new UsageError(
      `the progress of a run cannot have ${describeValue(value[wrong])} as its '${wrong}'`,
    );
  }
  return value as unknown as TrainingProgress;
}
