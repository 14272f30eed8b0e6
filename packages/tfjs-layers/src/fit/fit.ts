import {
  checkCount,
  checkFlag,
  checkOptions,
  type OptionNames,
  UsageError,
  warn,
} from '@sketchgrad/core';
import {
  constantSchedule,
  type EpochEvent,
  RUN_OPTIONS,
  type RunOptions,
  type TrainedRun,
  train,
} from '@sketchgrad/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { BatchMeans, type Logs, type MetricNames, metricsOf, Told } from '../metrics/index.js';
import { fromLayersModel } from '../model/layers-graph.js';
import type { Losses, LossWeights } from '../model/outputs.js';
import { CallbackList, type Callbacks } from './callbacks.js';
import { ExamplesEvaluation, ExamplesSource } from './examples-source.js';
import { begunWith, giveMoments } from './moments.js';
import { optimizerOf } from './optimizer.js';
import { examplesOf, type Given } from './tensors.js';

/** What `fit` takes: what every run of `train` takes, and this. */
export interface FitOptions extends RunOptions {
  /** Examples in an update; 32 unless given. */
  readonly batchSize?: number;
  /** Whether each epoch has an order of its own; true unless given. */
  readonly shuffle?: boolean;
  /** What is minimised, by TensorFlow.js' names; that of `model.compile` unless given. */
  readonly loss?: Losses;
  /** What outputs' losses are multiplied by in that which is minimised, of several; 1 each unless given. */
  readonly lossWeights?: LossWeights;
  /** What else is told of batches and of the validation data; those of `model.compile` unless given. */
  readonly metrics?: MetricNames;
  /** Inputs and targets that the model is judged by after each epoch. */
  readonly validationData?: readonly [Given, Given];
  /** Functions of one's own, callbacks of TensorFlow.js, or several of them. */
  readonly callbacks?: Callbacks;
}

/** What came of it; the model and its optimizer have the weights and what was kept of the gradients. */
export interface FitRun extends Omit<TrainedRun, 'state'> {
  readonly epoch: readonly number[];
  /** By epoch, as TensorFlow.js' History has it: `loss`, `acc`, and with validation data `val_loss`, `val_acc`. */
  readonly history: Readonly<Record<string, readonly number[]>>;
}

const OPTIONS: OptionNames<FitOptions> = {
  ...RUN_OPTIONS,
  ...{ batchSize: true, shuffle: true, loss: true, lossWeights: true, metrics: true },
  ...{ validationData: true, callbacks: true },
};

/**
 * Trains a TensorFlow.js layers model, as `model.fit` does, on any backend, within as little memory as its
 * estimators and budget say. The model has the trained weights afterwards, and its optimizer what it has kept of the
 * gradients: `predict`, `save` and a further `model.fit` go on from there.
 *
 * It goes on with what the compiled optimizer has kept already, where it trains with one of its kind.
 *
 * One epoch, batches of 32 and a constant learning rate unless given; the optimizer is that which the model was
 * compiled with, Adam, SGD, Momentum, RMSProp or Adagrad, or what `optimizer` and `learningRate` say.
 *
 * It ends early where a callback sets `model.stopTraining`, as `tf.callbacks.earlyStopping()` does.
 *
 * @param x a tensor [examples, …], or one for each input, in a list or by the inputs' names
 * @param y the targets, or those of each output likewise: f32 of the output's shape, or classes, [examples] or
 * [examples, 1]
 * @throws UsageError for a layer, a loss, an optimizer, a metric or data that do not fit, by name; what `train` throws
 */
export async function fit(
  model: LayersModel,
  x: Given,
  y: Given,
  options: FitOptions,
): Promise<FitRun> {
  checkOptions('fit', options, OPTIONS);
  const training = flagged(model);
  if (training.isTraining)
    throw new UsageError(
      `the model '${model.name}' is being trained; fit it again once that has ended`,
    );
  // As model.fit has it, which refuses a model that is being trained.
  training.isTraining = true;
  try {
    return await trainedAs(model, x, y, options);
  } finally {
    training.isTraining = false;
  }
}

/** What has TensorFlow.js' flag of a model that is being trained: of a sequential one the model in it. */
function flagged(model: LayersModel): { isTraining: boolean } {
  const { model: own } = model as unknown as { model?: { isTraining: boolean } };
  return own ?? (model as unknown as { isTraining: boolean });
}

async function trainedAs(
  model: LayersModel,
  x: Given,
  y: Given,
  options: FitOptions,
): Promise<FitRun> {
  const { batchSize = 32, shuffle = true, loss, lossWeights, metrics, ...others } = options;
  const { validationData, callbacks = [], ...run } = others;
  checkCount('batchSize', batchSize);
  checkFlag('shuffle', shuffle);
  const wanted = metrics ?? model.metrics;
  const graph = fromLayersModel(model, {
    ...(loss === undefined ? {} : { loss }),
    ...(lossWeights && { lossWeights }),
    observed: Object.keys(wanted ?? {}).length > 0,
  });
  const told = new Told(graph.outputs, metricsOf(graph.outputs, wanted));
  const { learningRate, optimizer } = optimizerOf(model, run);
  const data = await examplesOf(graph, x, y, 'the training data');
  const evaluation =
    validationData &&
    new ExamplesEvaluation(
      await examplesOf(graph, ...pairOf(validationData), 'the validation data'),
      ...([batchSize, told] as const),
    );
  const list = new CallbackList(callbacks, model, {
    ...{ epochs: run.epochs ?? 1, initialEpoch: 0, samples: data.count, steps: null, batchSize },
    ...{ verbose: 0, doValidation: evaluation !== undefined, metrics: ['loss', ...told.names] },
  });
  const means = new BatchMeans(told);
  let inEpoch: number | undefined;
  let latest: Logs = {};
  const source = new ExamplesSource(graph, {
    ...{ data, batchSize, shuffle, seed: run.seed ?? 0 },
    ...(evaluation && { evaluation }),
    onBatch: async (epoch, batch) => {
      if (epoch !== inEpoch) await list.tell('onEpochBegin', epoch);
      inEpoch = epoch;
      await list.tell('onBatchBegin', batch);
    },
    onOutputs: (batch, outputs) => {
      latest = { size: batch.examples, ...means.add(batch, outputs) };
    },
  });
  const begun = run.state
    ? undefined
    : await begunWith(graph, model, optimizer, run.onWarning ?? warn);
  if (begun) graph.beginWith(begun.moments);
  const history = new Map<string, number[]>();
  await list.tell('onTrainBegin');
  model.stopTraining = false;
  const trained = await train(source, {
    ...{ epochs: 1, schedule: constantSchedule(), optimizerSteps: begun?.steps ?? 0 },
    ...{ ...run, learningRate, optimizer },
    ...(evaluation && !told.isScored ? { selectBy: run.selectBy ?? 'loss' } : {}),
    stopWhen: () => model.stopTraining || (run.stopWhen?.() ?? false),
    onEpoch: async (event) => {
      const logs = { ...logsOf(event), ...means.take() };
      for (const [name, value] of Object.entries(logs))
        history.set(name, [...(history.get(name) ?? []), value]);
      await run.onEpoch?.(event);
      // Whoever is told may look at the model.
      if (list.isAny) await graph.giveBack(event.state);
      await list.tell('onEpochEnd', event.epoch, logs);
    },
    onStep: async (event) => {
      await run.onStep?.(event);
      const batch = (event.step - 1) % source.updatesPerEpoch;
      await list.tell('onBatchEnd', batch, { batch, loss: event.loss, ...latest });
    },
  });
  const { state, ...result } = trained;
  await graph.giveBack(state);
  const steps = trained.steps + (run.optimizerSteps ?? begun?.steps ?? 0);
  await giveMoments(graph, state, { model, trainedWith: optimizer, steps });
  // A state that was handed in stays with whoever did.
  if (!run.state) await state.dispose();
  await list.tell('onTrainEnd');
  return {
    ...result,
    epoch: [...(history.get('loss') ?? [])].map((_, epoch) => epoch),
    history: Object.fromEntries(history),
  };
}

function pairOf(given: FitOptions['validationData']): [unknown, unknown] {
  if (!Array.isArray(given) || given.length !== 2)
    throw new UsageError('validationData must be [x, y]');
  return [given[0], given[1]];
}

function logsOf({ loss, evaluation }: EpochEvent): Logs {
  if (!evaluation) return { loss };
  const judged = Object.entries(evaluation.metrics).map(
    ([name, value]) => [`val_${name}`, value] as const,
  );
  return { ...{ loss, val_loss: evaluation.loss }, ...Object.fromEntries(judged) };
}
