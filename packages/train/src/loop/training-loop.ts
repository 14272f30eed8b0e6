import type { DeviceState } from '@sketchgrad/core';
import type { EvaluationRecord, TrainingProgress } from '../checkpoints/progress.js';
import type { TrainableModel } from '../model.js';
import { dataOrder } from '../order/data-order.js';
import type { RowNorms } from '../priorities/row-norms.js';
import type { LayerProbe } from '../probe/layer-probe.js';
import type { ExecutableCache } from '../step/executable-cache.js';
import { InterruptedError, NonFiniteError } from './errors.js';
import { nextTurn } from './next-turn.js';
import { type Predicted, predict } from './predict.js';
import { type RunCheckpoints, readFinite } from './run-checkpoints.js';
import { learningRateAt, runUpdate } from './run-update.js';
import { scoresOf } from './scores.js';
import type { Settings } from './settings.js';
import { StepTimes } from './step-times.js';

/** What a loop works with. */
export interface LoopParts {
  readonly model: TrainableModel;
  readonly settings: Settings;
  readonly state: DeviceState;
  readonly cache: ExecutableCache;
  readonly checkpoints: RunCheckpoints | undefined;
  readonly rowNorms: RowNorms;
  readonly probe: LayerProbe | undefined;
}

/** A run, from where its progress says to its end. */
export class TrainingLoop {
  readonly #parts: LoopParts;
  readonly #losses: number[];
  readonly #evaluations: EvaluationRecord[];
  #progress: TrainingProgress;
  #predictions: readonly number[] | undefined;
  #saved: boolean;
  readonly times = new StepTimes();

  constructor(parts: LoopParts, start: TrainingProgress) {
    this.#parts = parts;
    this.#losses = [...start.losses];
    this.#evaluations = [...start.evaluations];
    this.#progress = { ...start, losses: this.#losses, evaluations: this.#evaluations };
    this.#saved = parts.checkpoints?.last !== undefined;
  }

  get progress(): TrainingProgress {
    return this.#progress;
  }

  /** The last evaluation's; undefined without one. */
  get predictions(): readonly number[] | undefined {
    return this.#predictions;
  }

  /** The mean loss over the examples of each epoch that is complete. */
  get epochLosses(): number[] {
    const { cut } = this.#parts.settings;
    return Array.from({ length: Math.floor(this.#losses.length / cut.updates) }, (_, epoch) => {
      let total = 0;
      for (let i = 0; i < cut.updates; i++)
        total += this.#losses[epoch * cut.updates + i]! * cut.examplesOf(i);
      return total / cut.examples;
    });
  }

  /** @throws InterruptedError, NonFiniteError, CheckpointError, and what the backend throws */
  async run(): Promise<void> {
    const { settings, model, state, checkpoints } = this.#parts;
    // Before the first step, so that a disk that will not do is known before any work is lost.
    await this.#save();
    while (this.#progress.epoch < settings.epochs) await this.#epoch();
    // A resumed run may have nothing left to do but to say what it predicts.
    if (!this.#predictions) await this.#predict();
    if (!checkpoints)
      for (const { name } of model.parameters) await readFinite(state, name, this.#nonFinite);
  }

  async #epoch(): Promise<void> {
    const { settings } = this.#parts;
    const { data, seed, options } = settings;
    const { epoch } = this.#progress;
    const order = dataOrder(seed, epoch, data.length);
    while (this.#progress.position < data.length) {
      await this.#stopIfAborted();
      await this.#step(order);
      const { step, position } = this.#progress;
      const atEnd = position === data.length && !options.evaluation;
      const { everySteps } = options.checkpoint ?? {};
      if (everySteps !== undefined && step % everySteps === 0 && !atEnd) await this.#save();
    }
    const predicted = await this.#predict();
    const metrics = predicted ? scoresOf(options.evaluation!.metrics, predicted) : {};
    if (predicted) this.#record(metrics);
    this.#advance({ epoch: epoch + 1, position: 0 });
    await this.#save();
    const { step } = this.#progress;
    options.onEpoch?.({ epoch, step, loss: this.epochLosses[epoch]!, metrics });
  }

  async #step(order: Uint32Array): Promise<void> {
    const { cache, settings } = this.#parts;
    const { step, epoch, position } = this.#progress;
    const update = { step, epoch, order, position };
    const start = performance.now();
    const { loss, examples } = await runUpdate(this.#parts, update, (what) =>
      this.#failure(what, step + 1),
    );
    this.times.add((performance.now() - start) / 1000);
    this.#losses.push(loss);
    this.#advance({ step: step + 1, position: position + examples });
    settings.options.onStep?.({
      step: step + 1,
      totalSteps: settings.totalSteps,
      epoch,
      loss,
      learningRate: learningRateAt(settings, step),
      secondsPerStep: this.times.recent,
      etaSeconds: this.times.recent * (settings.totalSteps - step - 1),
      plannedPeakBytes: cache.peakBytes,
      measuredPeakBytes: cache.measuredPeakBytes,
    });
    await nextTurn();
  }

  #advance(by: Partial<TrainingProgress>): void {
    this.#progress = { ...this.#progress, ...by };
    this.#saved = false;
  }

  /** Evaluates, where the run does. */
  async #predict(): Promise<Predicted | undefined> {
    const { model, cache, settings } = this.#parts;
    const { evaluation, signal } = settings.options;
    if (!evaluation) return undefined;
    const predicted = await predict(model, cache, evaluation.data, {
      batchSize: settings.cut.batchSize,
      signal,
      nonFinite: this.#nonFinite,
    });
    if (!predicted) return this.#interrupt();
    this.#predictions = predicted.predictions;
    return predicted;
  }

  #record(metrics: Record<string, number>): void {
    const { step, epoch, best } = this.#progress;
    this.#evaluations.push({ step, epoch, metrics });
    const [leading] = Object.entries(metrics);
    if (!leading) return;
    const [metric, value] = leading;
    if (!best || value > best.value) this.#advance({ best: { metric, value, step } });
  }

  async #save(): Promise<void> {
    const { checkpoints, state, rowNorms } = this.#parts;
    if (!checkpoints || this.#saved) return;
    await checkpoints.save(this.#progress, state, rowNorms, this.#nonFinite);
    this.#saved = true;
  }

  async #stopIfAborted(): Promise<void> {
    if (this.#parts.settings.options.signal?.aborted) await this.#interrupt();
  }

  async #interrupt(): Promise<never> {
    await this.#save();
    const { step } = this.#progress;
    const { totalSteps } = this.#parts.settings;
    const file = this.#parts.checkpoints?.last;
    throw new InterruptedError(
      `interrupted after step ${step} of ${totalSteps}; ` +
        (file
          ? `resume from ${file}`
          : 'nothing is saved, because no checkpoint directory was given'),
      file,
    );
  }

  /** For what is seen after the last update, in the weights or in what they predict. */
  readonly #nonFinite = (what: string): Error => this.#failure(what, this.#progress.step);

  #failure(what: string, step: number): Error {
    const { checkpoints, settings } = this.#parts;
    const epoch = Math.max(0, Math.floor((step - 1) / settings.cut.updates));
    return new NonFiniteError(what, { step, epoch, lastCheckpoint: checkpoints?.last });
  }
}
