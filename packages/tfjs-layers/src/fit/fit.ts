import {
  checkCount,
  checkFlag,
  checkOptions,
  type OptionNames,
  UsageError,
} from '@sketchgrad/core';
import {
  constantSchedule,
  type EpochEvent,
  RUN_OPTIONS,
  type RunOptions,
  type TrainedRun,
  train,
} from '@sketchgrad/train';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { fromLayersModel } from '../model/layers-graph.js';
import { ExamplesEvaluation, ExamplesSource } from './examples-source.js';
import { metricsOf } from './judge.js';
import { giveMoments } from './moments.js';
import { optimizerOf } from './optimizer.js';
import { examplesOf } from './tensors.js';

/** What TensorFlow.js tells its callbacks. */
export type Logs = Readonly<Record<string, number>>;

/** As TensorFlow.js calls them; what they return is waited for. */
export interface FitCallbacks {
  readonly onTrainBegin?: () => void | Promise<void>;
  readonly onTrainEnd?: () => void | Promise<void>;
  /** @param logs `loss`, and with validation data `val_loss` and `val_acc` */
  readonly onEpochEnd?: (epoch: number, logs: Logs) => void | Promise<void>;
  /** @param batch counted from 0 within its epoch; @param logs `loss`, `batch` */
  readonly onBatchEnd?: (batch: number, logs: Logs) => void | Promise<void>;
}

/** What `fit` takes: what every run of `train` takes, and this. */
export interface FitOptions extends RunOptions {
  /** Examples in an update; 32 unless given. */
  readonly batchSize?: number;
  /** Whether each epoch has an order of its own; true unless given. */
  readonly shuffle?: boolean;
  /** What is minimised, by TensorFlow.js' name; that of `model.compile` unless given. */
  readonly loss?: string;
  /** `accuracy`, of the validation data; those of `model.compile` unless given. */
  readonly metrics?: string | readonly string[];
  /** Inputs and targets that the model is judged by after each epoch. */
  readonly validationData?: readonly [Tensor | readonly Tensor[], Tensor];
  readonly callbacks?: FitCallbacks;
}

/** What came of it. */
export interface FitRun extends TrainedRun {
  readonly epoch: readonly number[];
  /** By epoch, as TensorFlow.js' History has it: `loss`, and with validation data `val_loss`, `val_acc`. */
  readonly history: Readonly<Record<string, readonly number[]>>;
}

const CALLBACKS: OptionNames<FitCallbacks> = {
  ...{ onTrainBegin: true, onTrainEnd: true, onEpochEnd: true, onBatchEnd: true },
};

const OPTIONS: OptionNames<FitOptions> = {
  ...RUN_OPTIONS,
  ...{ batchSize: true, shuffle: true, loss: true, metrics: true, validationData: true },
  callbacks: true,
};

/**
 * Trains a TensorFlow.js layers model, as `model.fit` does, on any backend, within as little memory as its
 * estimators and budget say. The model has the trained weights afterwards, and its optimizer what it has kept of the
 * gradients: `predict`, `save` and a further `model.fit` go on from there.
 *
 * One epoch, batches of 32 and a constant learning rate unless given; the optimizer is that which the model was
 * compiled with, Adam, SGD, Momentum, RMSProp or Adagrad, or what `optimizer` and `learningRate` say.
 *
 * @param x a tensor [examples, …] for each input
 * @param y the targets: f32 of the output's shape, or classes, [examples] or [examples, 1]
 * @throws UsageError for a layer, a loss, an optimizer, a metric or data that do not fit, by name; what `train` throws
 */
export async function fit(
  model: LayersModel,
  x: Tensor | readonly Tensor[],
  y: Tensor,
  options: FitOptions,
): Promise<FitRun> {
  checkOptions('fit', options, OPTIONS);
  const {
    batchSize = 32,
    shuffle = true,
    loss,
    metrics,
    validationData,
    callbacks = {},
    ...run
  } = options;
  checkCount('batchSize', batchSize);
  checkFlag('shuffle', shuffle);
  checkOptions('callbacks', callbacks, CALLBACKS);
  const graph = fromLayersModel(model, loss === undefined ? {} : { loss });
  const { learningRate, optimizer } = optimizerOf(model, run);
  const scores = metricsOf(metrics ?? model.metrics);
  const data = await examplesOf(graph, x, y, 'the training data');
  const source = new ExamplesSource(graph, {
    ...{ data, batchSize, shuffle, seed: run.seed ?? 0 },
    ...(validationData && {
      evaluation: new ExamplesEvaluation(
        ...([
          graph,
          await examplesOf(graph, ...pairOf(validationData), 'the validation data'),
        ] as const),
        ...([batchSize, scores] as const),
      ),
    }),
  });
  const history = new Map<string, number[]>();
  await callbacks.onTrainBegin?.();
  const trained = await train(source, {
    ...{ epochs: 1, schedule: constantSchedule(), ...run, learningRate, optimizer },
    onEpoch: async (event) => {
      const logs = logsOf(event);
      for (const [name, value] of Object.entries(logs))
        history.set(name, [...(history.get(name) ?? []), value]);
      await run.onEpoch?.(event);
      await callbacks.onEpochEnd?.(event.epoch, logs);
    },
    onStep: async (event) => {
      await run.onStep?.(event);
      const batch = (event.step - 1) % source.updatesPerEpoch;
      await callbacks.onBatchEnd?.(batch, { batch, loss: event.loss });
    },
  });
  await graph.giveBack(trained.state);
  const { steps } = trained;
  await giveMoments(graph, trained.state, { model, trainedWith: optimizer, steps });
  await callbacks.onTrainEnd?.();
  return {
    ...trained,
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
  const { accuracy } = evaluation.metrics;
  return {
    ...{ loss, val_loss: evaluation.loss },
    ...(accuracy === undefined ? {} : { val_acc: accuracy }),
  };
}
