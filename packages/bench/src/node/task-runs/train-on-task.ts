import { type Backend, formatBytes } from '@sketchgrad/core';
import { type BatchSource, batchSource, type Example, encodeExamples } from '@sketchgrad/datasets';
import type { EncoderClassifier } from '@sketchgrad/models';
import { saveClassifier } from '@sketchgrad/models/node';
import { evaluate, type FineTuneOptions, fineTune, type TrainingRun } from '@sketchgrad/train';
import { CheckpointFolder } from '@sketchgrad/train/node';
import { openBackend } from '../../open-backend.js';
import { ResidentPeak } from '../resident-peak.js';
import type { RunProgress } from '../runs/context.js';
import type { Inputs } from '../runs/digests.js';
import { formatDuration } from '../runs/duration.js';
import { residentMemory } from '../runs/memory.js';
import type { RunFolder } from '../runs/run-folder.js';
import { type Judging, predictDiagnostic } from './diagnostic.js';
import { orSayWhatAccumulates } from './fitting-pieces.js';
import { loadModel } from './load-model.js';
import { formatMetrics, type TaskRunResult } from './result.js';
import { runEstimators } from './run-estimators.js';
import type { TaskRunSettings } from './settings.js';
import { readTaskData, type TaskData } from './task-data.js';

/** The folder of a run on a task, which has the model's files too. */
export type TaskRunFolder = RunFolder<TaskRunResult>;

/** What surrounds a run. */
export interface TaskContext {
  readonly progress: RunProgress;
  /** Where the run keeps its checkpoints and leaves its model; nowhere unless given. */
  readonly folder?: TaskRunFolder;
  /** What it learns from, where that has been read already. */
  readonly task?: TaskData;
  /** What it starts from, for its checkpoints. */
  readonly inputs?: Inputs;
  /** Continues from the folder's checkpoints. */
  readonly resume?: boolean;
  /** Asked for when training begins; the run then stops after a step once it is aborted. */
  readonly claimSignal?: () => AbortSignal;
}

/**
 * Trains a model on a task, scores it, and saves it where there is a folder.
 *
 * @throws what reading, loading and `fineTune` throw
 */
export async function trainOnTask(
  options: TaskRunSettings,
  context: TaskContext,
): Promise<TaskRunResult> {
  const { progress, folder } = context;
  const backend = await openBackend(options);
  const resident = new ResidentPeak();
  progress.count('step');
  try {
    const task = context.task ?? (await readTaskData(options, (text) => progress.note(text)));
    for (const note of task.notes) progress.note(note);
    const { model, tokenizer } = await loadModel(options, task.task, progress);
    const estimators = await runEstimators(options, model, context);
    const asData = (rows: readonly Example[]) => {
      const examples = { task: task.task, rows };
      const encoded = encodeExamples(examples, tokenizer, { maxLength: options.sequence });
      if (encoded.truncated > 0)
        progress.note(
          `${encoded.truncated} of ${rows.length} examples are longer than ${options.sequence} tokens and are cut`,
        );
      return batchSource(encoded, { padTo: options.padTo });
    };
    const { metrics } = task.task;
    const [first] = task.evaluations;
    const data = asData(task.train);
    const signal = context.claimSignal?.();
    resident.reset();
    const run = await train(options, context, {
      ...(signal && { signal }),
      ...estimators.options,
      backend,
      model,
      data,
      evaluation: { data: asData(first.rows), metrics },
    });
    const processPeakBytes = resident.bytes;
    progress.end();

    const { batchSize } = options;
    const evaluation = { backend, state: run.state, batchSize, ...(signal && { signal }) };
    const further = await scoreRest(task, { model, evaluation, asData, folder });
    if (folder) await saveClassifier(model, folder.path, run.state);
    return {
      task: options.task,
      model: options.model,
      backend: backend.name,
      ...estimators.report(run),
      keep: options.keep ?? {},
      seed: options.seed,
      steps: run.steps,
      metrics: { ...run.metrics, ...further },
      loss: run.loss,
      secondsPerStep: run.secondsPerStep,
      meanSecondsPerStep: run.meanSecondsPerStep,
      plannedPeakBytes: run.plan.peakBytes,
      measuredPeakBytes: run.measuredPeakBytes,
      processPeakBytes,
      keptBytes: run.plan.keptBytes,
      executables: run.executables,
      emptyRows: run.emptyRows,
    };
  } finally {
    resident.stop();
    progress.end();
    await backend.dispose();
  }
}

/** Scores by name on what was not scored after each epoch. */
async function scoreRest(
  { task, evaluations: [, ...others], diagnostic }: TaskData,
  judging: Judging,
): Promise<Record<string, number>> {
  const { model, evaluation, asData } = judging;
  const scores: Record<string, number> = {};
  for (const { suffix, rows } of others) {
    const data = asData(rows);
    const found = await evaluate(model, { ...evaluation, data, metrics: task.metrics });
    for (const [name, value] of Object.entries(found.metrics)) scores[name + suffix] = value;
  }
  return diagnostic ? { ...scores, ...(await predictDiagnostic(diagnostic, judging)) } : scores;
}

interface Parts extends Partial<FineTuneOptions> {
  readonly backend: Backend;
  readonly model: EncoderClassifier;
  readonly data: BatchSource;
  readonly evaluation: NonNullable<FineTuneOptions['evaluation']>;
  readonly signal?: AbortSignal;
}

async function train(
  options: TaskRunSettings,
  { progress, folder, inputs, resume = false }: TaskContext,
  { model, ...parts }: Parts,
): Promise<TrainingRun> {
  const { epochs, learningRate, batchSize, accumulate, clipNorm, keep, recompute, seed } = options;
  const settings: FineTuneOptions = {
    ...parts,
    epochs,
    learningRate,
    batchSize,
    accumulate,
    ...(clipNorm === undefined ? {} : { clipNorm }),
    ...(keep && { keep }),
    recompute,
    priorities: options.priorities,
    seed,
    resume,
    ...(inputs && { inputs }),
    ...(folder && {
      checkpoint: {
        store: new CheckpointFolder(folder.checkpoints),
        everySteps: options.saveEvery,
      },
    }),
    onStep: ({ step, totalSteps, epoch, loss, etaSeconds, plannedPeakBytes }) =>
      progress.show(
        step,
        totalSteps!,
        `epoch ${epoch + 1}/${epochs}  loss ${loss.toFixed(4)}  ` +
          `ETA ${formatDuration(etaSeconds!)}  planned peak ${formatBytes(plannedPeakBytes)}  ${residentMemory()}`,
      ),
    onEpoch: ({ epoch, loss, evaluation }) =>
      progress.note(
        `epoch ${epoch + 1}/${epochs}: mean loss ${loss.toFixed(4)}, ${formatMetrics(evaluation!.metrics)}`,
      ),
    onWarning: (message) => progress.note(`warning: ${message}`),
  };
  return orSayWhatAccumulates(() => fineTune(model, settings), model, settings);
}
