import { UsageError } from '@sketchgrad/core';
import type { EvaluationRecord, TrainingProgress } from '../checkpoints/progress.js';
import { InterruptedError, NonFiniteError } from '../errors.js';
import { nextTurn } from '../jobs/next-turn.js';
import type { StepUpdate } from '../source/step-source.js';
import { evaluateSource } from './evaluate-source.js';
import { readFinite } from './run-checkpoints.js';
import type { RunParts } from './run-parts.js';
import { learningRateAt, runUpdate } from './run-update.js';
import { bestOf, isOutOfPatience } from './selection.js';
import { StepTimes } from './step-times.js';

/** A run, from where its progress says to its end. */
export class RunLoop<Sizes extends object> {
  readonly #parts: RunParts<Sizes>;
  readonly #losses: number[];
  readonly #evaluations: EvaluationRecord[];
  #progress: TrainingProgress;
  #saved: boolean;
  /** Whether it was told to end. */
  #isStopped = false;
  /** Whether this process has evaluated. */
  #isJudged = false;
  readonly stepTimes = new StepTimes();
  readonly epochTimes = new StepTimes();

  constructor(parts: RunParts<Sizes>, start: TrainingProgress) {
    this.#parts = parts;
    this.#losses = [...start.losses];
    this.#evaluations = [...start.evaluations];
    this.#progress = { ...start, losses: this.#losses, evaluations: this.#evaluations };
    this.#saved = parts.checkpoints?.last !== undefined;
  }

  get progress(): TrainingProgress {
    return this.#progress;
  }

  /** Undefined without an evaluation. */
  get bestEvaluation(): EvaluationRecord | undefined {
    const { source, settings } = this.#parts;
    return bestOf(this.#evaluations, settings.selectBy, source.evaluation?.scores[0]);
  }

  /** @throws InterruptedError, NonFiniteError, CheckpointError, and what the backend throws */
  async run(): Promise<void> {
    const { source, settings, state, checkpoints, best } = this.#parts;
    // Before the first step, so that a disk that will not do is known before any work is lost.
    await this.#save();
    const { epochs, options } = settings;
    while (
      !this.#isStopped &&
      this.#progress.epoch < epochs &&
      !isOutOfPatience(this.#evaluations, this.#progress.epoch, options.patience)
    )
      await this.#epoch();
    // What an epoch told to end after is not always evaluated in its turn.
    if (this.#isStopped && source.evaluation && !this.#isEvaluated()) await this.#evaluate();
    await this.#save();
    await best?.giveBack(state);
    const isAnother = best !== undefined && this.bestEvaluation !== this.#evaluations.at(-1);
    // What was judged last are the weights that the run ends with. A resumed run may have nothing else left
    // to do.
    if (source.evaluation && (isAnother || !this.#isJudged)) await this.#judged();
    if (!checkpoints)
      for (const { name } of source.model.parameters)
        await readFinite(state, name, this.#nonFinite);
  }

  async #epoch(): Promise<void> {
    const { source, settings } = this.#parts;
    const { options, epochs } = settings;
    const { epoch, position } = this.#progress;
    const updates = updatesFrom(source.updates(epoch), position);
    let seconds = 0;
    for (;;) {
      await this.#evaluateBetween();
      if (options.signal?.aborted) await this.#interrupt();
      const start = performance.now();
      const { done, value } = await updates.next();
      if (done) break;
      seconds += await this.#step(value, start);
      if (await this.#stops()) break;
      await this.#saveBetween();
    }
    if (position === 0) this.epochTimes.add(seconds);
    const { everyEpochs = 1 } = options.checkpoint ?? {};
    if (this.#isDueAfter(epoch)) await this.#evaluate();
    const evaluation = this.#isEvaluated() ? this.#evaluations.at(-1) : undefined;
    const { partial, step } = this.#progress;
    if (partial.examples === 0)
      throw new UsageError(
        `epoch ${epoch + 1} of the source has no updates; it needs at least one`,
      );
    const loss = partial.loss / partial.examples;
    this.#losses.push(loss);
    this.#advance({ epoch: epoch + 1, position: 0, partial: { loss: 0, examples: 0 } });
    if ((epoch + 1) % everyEpochs === 0 || epoch + 1 === epochs) await this.#save();
    await options.onEpoch?.({
      ...{ epoch, step, loss, evaluation },
      secondsPerEpoch: this.epochTimes.recent,
      plannedPeakBytes: this.#parts.cache.peakBytes,
      state: this.#parts.state,
    });
    await this.#stops();
  }

  /** Whether it has been told to end. What is saved is where it was told, and not what ends there. */
  async #stops(): Promise<boolean> {
    if (this.#isStopped || !this.#parts.settings.options.stopWhen?.()) return this.#isStopped;
    await this.#save();
    this.#isStopped = true;
    return true;
  }

  /** @returns how many seconds it took, the making of the update included */
  async #step(update: StepUpdate<Sizes>, start: number): Promise<number> {
    const { cache, settings } = this.#parts;
    const { step, epoch, position, passes, partial } = this.#progress;
    const loss = await runUpdate(this.#parts, update, { step, passes }, (what) =>
      this.#failure(what, step + 1),
    );
    const seconds = (performance.now() - start) / 1000;
    this.stepTimes.add(seconds);
    const { examples, batches } = update;
    this.#advance({
      step: step + 1,
      position: position + 1,
      passes: passes + batches.length,
      partial: { loss: partial.loss + loss * examples, examples: partial.examples + examples },
    });
    const { totalSteps } = settings;
    const { recent } = this.stepTimes;
    await settings.options.onStep?.({
      ...{ step: step + 1, totalSteps, epoch, loss },
      learningRate: learningRateAt(settings, step),
      secondsPerStep: recent,
      etaSeconds: totalSteps === null ? null : recent * (totalSteps - step - 1),
      plannedPeakBytes: cache.peakBytes,
      measuredPeakBytes: cache.measuredPeakBytes,
    });
    await nextTurn();
    return seconds;
  }

  #advance(by: Partial<TrainingProgress>): void {
    this.#progress = { ...this.#progress, ...by };
    this.#saved = false;
  }

  #isEvaluated(): boolean {
    return this.#evaluations.at(-1)?.step === this.#progress.step;
  }

  #isDueAfter(epoch: number): boolean {
    const { source, settings } = this.#parts;
    const { evaluateEvery, epochs } = settings;
    if (!source.evaluation || this.#isEvaluated()) return false;
    return (
      epoch + 1 === epochs ||
      this.#isStopped ||
      ('epochs' in evaluateEvery && (epoch + 1) % evaluateEvery.epochs === 0)
    );
  }

  /** Before a step, so that a run that was stopped while it evaluated comes to it again. */
  async #evaluateBetween(): Promise<void> {
    const { source, settings } = this.#parts;
    const { step, position } = this.#progress;
    const { evaluateEvery } = settings;
    if (!source.evaluation || !('steps' in evaluateEvery) || position === 0) return;
    if (step % evaluateEvery.steps === 0 && !this.#isEvaluated()) await this.#evaluate();
  }

  async #evaluate(): Promise<EvaluationRecord> {
    const { settings, state, best } = this.#parts;
    const { step, epoch } = this.#progress;
    const record = { step, epoch, ...(await this.#judged()) };
    this.#evaluations.push(record);
    this.#saved = false;
    if (this.bestEvaluation === record) await best?.take(state);
    settings.options.onEvaluation?.(record);
    return record;
  }

  async #judged() {
    const { source, cache, settings } = this.#parts;
    const found = await evaluateSource(source.evaluation!, cache, {
      signal: settings.options.signal,
      nonFinite: this.#nonFinite,
    });
    if (!found) return this.#interrupt();
    this.#isJudged = true;
    return found;
  }

  async #saveBetween(): Promise<void> {
    const { source, settings } = this.#parts;
    const { step, position } = this.#progress;
    const { everySteps } = settings.options.checkpoint ?? {};
    // There is one at the end of the epoch, which follows at once.
    const isLast = position === source.updatesPerEpoch && !source.evaluation;
    if (everySteps !== undefined && step % everySteps === 0 && !isLast) await this.#save();
  }

  async #save(): Promise<void> {
    const { checkpoints, state } = this.#parts;
    if (!checkpoints || this.#saved || this.#isStopped) return;
    await checkpoints.save(this.#progress, state, this.#parts, this.#nonFinite);
    this.#saved = true;
  }

  async #interrupt(): Promise<never> {
    await this.#save();
    const { step, epoch } = this.#progress;
    const { totalSteps, epochs } = this.#parts.settings;
    const file = this.#parts.checkpoints?.last;
    throw new InterruptedError(
      `interrupted after step ${step}${totalSteps === null ? `, in epoch ${epoch + 1} of ${epochs}` : ` of ${totalSteps}`}; ` +
        (file
          ? `resume from ${file}`
          : 'nothing is saved, because no place for checkpoints was given'),
      file,
    );
  }

  /** For what is seen after the last update, in the weights or in what they predict. */
  readonly #nonFinite = (what: string): Error => this.#failure(what, this.#progress.step);

  #failure(what: string, step: number): Error {
    const { epoch, position } = this.#progress;
    const isBehind = step === this.#progress.step && position === 0 && epoch > 0;
    const lastCheckpoint = this.#parts.checkpoints?.last;
    return new NonFiniteError(what, { step, epoch: isBehind ? epoch - 1 : epoch, lastCheckpoint });
  }
}

/** The updates of an epoch without the first ones. */
async function* updatesFrom<Update>(
  updates: Iterable<Update> | AsyncIterable<Update>,
  position: number,
): AsyncGenerator<Update, undefined> {
  let index = 0;
  for await (const update of updates) if (index++ >= position) yield update;
  return undefined;
}
