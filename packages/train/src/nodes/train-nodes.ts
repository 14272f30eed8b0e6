import type { DeviceState } from '@sketchgrad/core';
import type { EvaluationRecord, TrainingProgress } from '../checkpoints/progress.js';
import { checkNodeModel } from '../checks/kinds.js';
import { exactWhereFree } from '../free-inputs/exact-where-free.js';
import { keptBeyondDense } from '../free-inputs/kept-beyond-dense.js';
import { InterruptedError, NonFiniteError } from '../loop/errors.js';
import { nextTurn } from '../loop/next-turn.js';
import { RunCheckpoints } from '../loop/run-checkpoints.js';
import { StepTimes } from '../loop/step-times.js';
import { warner } from '../loop/warn.js';
import { nodeConfiguration } from './configuration.js';
import { misplacedNodes } from './misplaced.js';
import type { NodeModel } from './model.js';
import { NodeEvaluation } from './node-evaluation.js';
import { NodeSteps } from './node-steps.js';
import { type NodeSettings, type NodeTrainingOptions, nodeSettings } from './options.js';
import { traceNodeStep } from './trace-node-step.js';

/** What came of a run. */
export interface NodeTrainingRun {
  /** The scores of the epoch that was best on `valid`: `valid`, `test`, `validLoss`. */
  readonly metrics: EvaluationRecord['metrics'];
  /** That epoch, counted from 0. */
  readonly bestEpoch: number;
  readonly evaluations: readonly EvaluationRecord[];
  /** The mean loss of each epoch. */
  readonly loss: readonly number[];
  /** Updates made. */
  readonly steps: number;
  /** The median of this process's, evaluations apart; null where none was left to make. */
  readonly secondsPerEpoch: number | null;
  readonly plan: {
    readonly peakBytes: number;
    readonly keptBytes: number;
    /** Of `keptBytes`, what is kept for the gradients of the linear layers' weights. */
    readonly linearKeptBytes: number;
  };
  readonly measuredPeakBytes: number;
  /** The weights after the last epoch, in the backend. */
  readonly state: DeviceState;
}

/**
 * Trains a network to classify the nodes of a graph: Adam over the whole graph at once, or over
 * parts of it; the scores of the epoch that is best on `valid`. Every number follows from the options;
 * a run that was stopped at any moment and resumed ends with the same bits as one that never was.
 *
 * @throws UsageError for options that do not fit, a directory with an earlier run's checkpoints, or
 * a resumed run with other settings; PlanError before the first step where it does not fit in
 * memory; NonFiniteError for a loss or weight that is not finite; InterruptedError once the signal
 * is aborted; CheckpointError where a checkpoint cannot be written
 */
export async function trainNodes(
  model: NodeModel,
  options: NodeTrainingOptions,
): Promise<NodeTrainingRun> {
  checkNodeModel(model);
  const settings = whereNotFree(model, nodeSettings(options));
  if (settings.signal?.aborted) throw new InterruptedError('interrupted before the first step');
  const state = settings.backend.createState();
  const steps = new NodeSteps(model, settings, state);
  let evaluation: NodeEvaluation | undefined;
  let checkpoints: RunCheckpoints | undefined;
  try {
    const configuration = nodeConfiguration(model, settings, await steps.prepare(0));
    const note = keptBeyondDense(steps.keptBytes, steps.denseKeptBytes());
    if (note) warner(settings.onWarning)(note);
    evaluation = await NodeEvaluation.prepare(model, settings, { state, steps });
    checkpoints = await RunCheckpoints.open(
      model,
      settings,
      configuration,
      misplacedNodes(settings),
    );
    const start = await checkpoints?.restore(state, steps.rowNorms);
    if (!start) await model.initialize(state, { seed: settings.seed });
    const { seed } = settings;
    const run = new NodeRun(
      { settings, state, steps, evaluation, checkpoints },
      start ?? { ...NOTHING_DONE, seed, configuration },
    );
    await run.finish();
    return run.result();
  } catch (error) {
    await state.dispose();
    throw error;
  } finally {
    await checkpoints?.close();
    await evaluation?.dispose();
    await steps.dispose();
  }
}

/** The settings with exact gradients where inputs are free, unless every layer is to be compressed. */
function whereNotFree(model: NodeModel, settings: NodeSettings): NodeSettings {
  const estimator = exactWhereFree(settings.estimator, traceNodeStep, model, settings);
  return estimator ? { ...settings, estimator } : settings;
}

const NOTHING_DONE = {
  ...{ step: 0, epoch: 0, position: 0 },
  ...{ losses: [], evaluations: [], best: null },
} satisfies Partial<TrainingProgress>;

interface Parts {
  readonly settings: NodeSettings;
  readonly state: DeviceState;
  readonly steps: NodeSteps;
  readonly evaluation: NodeEvaluation;
  readonly checkpoints: RunCheckpoints | undefined;
}

/** A run, from where its progress says to its end. Its `losses` are one an epoch. */
class NodeRun {
  readonly #times = new StepTimes();
  #saved: boolean;

  constructor(
    private readonly parts: Parts,
    private progress: TrainingProgress,
  ) {
    this.#saved = parts.checkpoints?.last !== undefined;
  }

  async finish(): Promise<void> {
    // Before the first step, so that a disk that will not do is known before any work is lost.
    await this.#save();
    const { epochs, signal } = this.parts.settings;
    while (this.progress.epoch < epochs && !this.#outOfPatience()) {
      if (signal?.aborted) await this.#interrupt();
      await this.#epoch();
    }
    await this.#save();
  }

  result(): NodeTrainingRun {
    const { steps, evaluation, state } = this.parts;
    const { evaluations, losses, step } = this.progress;
    const best = this.#best();
    return {
      metrics: best.metrics,
      bestEpoch: best.epoch,
      evaluations,
      loss: losses,
      steps: step,
      secondsPerEpoch: this.#times.median,
      plan: {
        peakBytes: this.#plannedPeakBytes(),
        keptBytes: steps.keptBytes,
        linearKeptBytes: steps.linearKeptBytes(),
      },
      measuredPeakBytes: Math.max(steps.measuredPeakBytes, evaluation.measuredPeakBytes),
      state,
    };
  }

  async #epoch(): Promise<void> {
    const { settings, steps, evaluation } = this.parts;
    const { epoch, losses, evaluations } = this.progress;
    const start = performance.now();
    const { loss, step } = await steps.epoch(epoch, this.progress.step, this.#failure);
    this.#times.add((performance.now() - start) / 1000);
    const isLast = epoch + 1 === settings.epochs;
    const metrics =
      isLast || (epoch + 1) % settings.evaluateEvery === 0
        ? await evaluation.scores((what) => this.#failure(what, step))
        : undefined;
    this.progress = {
      ...this.progress,
      step,
      epoch: epoch + 1,
      losses: [...losses, loss],
      evaluations: metrics ? [...evaluations, { step, epoch, metrics }] : evaluations,
    };
    this.#saved = false;
    if ((epoch + 1) % (settings.checkpoint?.everyEpochs ?? 1) === 0) await this.#save();
    const secondsPerEpoch = this.#times.recent;
    const plannedPeakBytes = this.#plannedPeakBytes();
    settings.onEpoch?.({ epoch, loss, metrics, secondsPerEpoch, plannedPeakBytes });
    await nextTurn();
  }

  #plannedPeakBytes(): number {
    const { steps, evaluation } = this.parts;
    return Math.max(steps.peakBytes, evaluation.peakBytes);
  }

  /** The evaluation whose epoch is reported; the first of several that are equal. */
  #best(by = this.parts.settings.selectBy): EvaluationRecord {
    const rank = ({ metrics }: EvaluationRecord) =>
      by === 'score' ? metrics.valid! : -metrics.validLoss!;
    return this.progress.evaluations.reduce((best, each) =>
      rank(each) > rank(best) ? each : best,
    );
  }

  #outOfPatience(): boolean {
    const { patience } = this.parts.settings;
    const { epoch, evaluations } = this.progress;
    if (patience === undefined || evaluations.length === 0) return false;
    return epoch - 1 - this.#best('loss').epoch >= patience;
  }

  async #save(): Promise<void> {
    const { checkpoints, state, steps } = this.parts;
    if (!checkpoints || this.#saved) return;
    await checkpoints.save(this.progress, state, steps.rowNorms, (what) =>
      this.#failure(what, this.progress.step),
    );
    this.#saved = true;
  }

  async #interrupt(): Promise<never> {
    await this.#save();
    const file = this.parts.checkpoints?.last;
    throw new InterruptedError(
      `interrupted after epoch ${this.progress.epoch} of ${this.parts.settings.epochs}; ` +
        (file
          ? `resume from ${file}`
          : 'nothing is saved, because no checkpoint directory was given'),
      file,
    );
  }

  readonly #failure = (what: string, step: number): Error =>
    new NonFiniteError(what, {
      step,
      epoch: this.progress.epoch,
      lastCheckpoint: this.parts.checkpoints?.last,
    });
}
