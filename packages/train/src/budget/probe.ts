import {
  type Backend,
  type DeviceState,
  type GradientEstimator,
  type KeepChoice,
  type LinearLayer,
  priorityInput,
  probedMoments,
  type RecomputeMode,
  sgdVariance,
  type TensorData,
  UsageError,
} from '@sketchgrad/core';
import { layersOf } from '../loop/describe-estimator.js';
import { InterruptedError } from '../loop/errors.js';
import { nextTurn } from '../loop/next-turn.js';
import type { TrainableModel, TrainingData } from '../model.js';
import { dataOrder } from '../order/data-order.js';
import type { PriorityPolicy } from '../priorities/policy.js';
import { RowNorms } from '../priorities/row-norms.js';
import type { Candidate } from './candidates.js';
import { traceProbe } from './trace-probe.js';

/** Batches that are looked at: each takes two passes, the second as long as two without an update. */
const BATCHES = 2;
/** Examples of each, at most: rates are shares, so that a smaller batch tells what a larger one does. */
const EXAMPLES = 16;

/** What a probe works with. */
export interface ProbeOptions {
  readonly backend: Backend;
  /** A state of the backend; `initialize` fills it once its tensors are allocated. */
  readonly state: DeviceState;
  readonly initialize: () => Promise<void>;
  readonly data: TrainingData;
  readonly batchSize: number;
  readonly seed: number;
  readonly priorities: PriorityPolicy;
  readonly recompute: RecomputeMode;
  readonly keep?: KeepChoice | undefined;
  readonly candidates: readonly Candidate[];
  /** Names of the layers that have exact gradients whatever the candidates would add. */
  readonly free: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
  /** Told of each pass, and that there is none yet. */
  readonly onPass?: (done: number, total: number) => void;
}

/** What a probe found out about a layer: means over the batches. */
export interface LayerVariances {
  readonly layer: string;
  /** The variance that its weight's gradient has anyway: eq. 9 of arXiv 2201.13195. */
  readonly dSgd2: number;
  /** The variance that each candidate would add: [candidates], or none of a layer that is free. */
  readonly variances: number[];
  /** Their standard errors, for those that are averages over draws; 0 where exact: [candidates] */
  readonly errors: number[];
}

/**
 * Measures what each candidate would add to the variance of each layer's gradient, at the weights
 * that training starts from, on the first batches of the first epoch (of at most 16 examples). All
 * that needs X and Y is summed up where they are, on the device. Rows are ranked by what the same
 * batch had under other dropout.
 *
 * @throws UsageError where the data has no labels; what the backend throws
 */
export async function probeLayers(
  model: TrainableModel,
  options: ProbeOptions,
): Promise<LayerVariances[]> {
  const { data, batchSize } = options;
  const size = Math.min(batchSize, EXAMPLES, data.length);
  const batches = Math.min(BATCHES, Math.floor(data.length / size));
  const found: LayerVariances[][] = [];
  const ranks = options.candidates.some(({ estimator }) => estimator.ranksRows);
  const total = batches * (ranks ? 2 : 1);
  let done = 0;
  options.onPass?.(done, total);
  const onPass = () => options.onPass?.(++done, total);
  for (let index = 0; index < batches; index++)
    found.push(await probeBatch(model, { ...options, onPass }, index, size));
  const mean = (of: (batch: LayerVariances[]) => number) =>
    found.reduce((sum, batch) => sum + of(batch), 0) / batches;
  return found[0]!.map(({ layer, variances, errors }, at) => ({
    layer,
    dSgd2: mean((batch) => batch[at]!.dSgd2),
    variances: variances.map((_, candidate) => mean((batch) => batch[at]!.variances[candidate]!)),
    errors: errors.map(
      (_, candidate) =>
        Math.hypot(...found.map((batch) => batch[at]!.errors[candidate]!)) / batches,
    ),
  }));
}

/** The `index`-th batch of the first epoch, of `size` examples. */
async function probeBatch(
  model: TrainableModel,
  options: Omit<ProbeOptions, 'onPass'> & { readonly onPass: () => void },
  index: number,
  size: number,
): Promise<LayerVariances[]> {
  const { backend, state, data, seed, priorities, candidates } = options;
  const order = dataOrder(seed, 0, data.length);
  const indices = [...order.subarray(index * size, (index + 1) * size)];
  const batch = data.batch(indices);
  if (!batch.labels) throw new UsageError('the training data has no labels');
  const { sequence, attentionMask } = batch;
  const shape = { batchSize: size, sequence };
  const layers = layersOf(model, shape);

  const offered = (layer: string, estimators: readonly GradientEstimator[]) =>
    options.free.has(layer) ? [] : estimators;

  /** The moments of a pass under a key, thus a dropout, of its own. */
  const run = async (
    pass: number,
    estimators: readonly GradientEstimator[],
    guesses: Readonly<Record<string, TensorData>> = {},
  ) => {
    if (options.signal?.aborted)
      throw new InterruptedError('interrupted while estimators were chosen: nothing is saved');
    await nextTurn();
    const graph = traceProbe(model, {
      ...options,
      shape,
      estimators: (layer) => offered(layer, estimators),
    });
    const executable = await backend.compile(graph, { state });
    if (index === 0) await options.initialize();
    // Below those of training, which count up from 0, and of starting weights, −1.
    const key = Int32Array.of(seed, -2 - 2 * index - pass);
    const outputs = await executable.run({ ...model.inputs(batch), ...guesses, key });
    await executable.dispose();
    options.onPass();
    return ({ name, inputs }: LinearLayer) =>
      probedMoments(outputs, { layer: name, inputs, estimators: offered(name, estimators) });
  };

  const all = candidates.map(({ estimator }) => estimator);
  const compressed = layers.filter(({ name }) => !options.free.has(name));
  const guesses: Record<string, Float32Array> = {};
  if (all.some(({ ranksRows }) => ranksRows)) {
    const rows = { indices, sequence, attentionMask };
    const rowNorms = new RowNorms(priorities, data.length);
    const before = await run(0, []);
    for (const layer of compressed) {
      rowNorms.record(layer.name, rows, before(layer).yNorms);
      guesses[priorityInput(layer.name)] = rowNorms.priorities(layer.name, rows);
    }
  }
  const measured = await run(1, all, guesses);
  return layers.map((layer) => {
    const moments = measured(layer);
    const priorities = guesses[priorityInput(layer.name)];
    const estimators = offered(layer.name, all);
    return {
      layer: layer.name,
      dSgd2: sgdVariance(moments),
      variances: estimators.map((estimator) => estimator.variance(moments, priorities)),
      errors: estimators.map((estimator) => estimator.varianceError?.(moments) ?? 0),
    };
  });
}
