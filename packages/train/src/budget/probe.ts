import {
  type Backend,
  type DeviceState,
  ELEMENT_BYTES,
  type LinearLayer,
  probeOutputs,
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
import { SampledMoments } from './sampled-moments.js';
import { traceProbe } from './trace-probe.js';

/** Batches that are looked at. */
const BATCHES = 3;
/** Examples of each, at most: rates are shares, so that a smaller batch tells what a larger one does. */
const EXAMPLES = 16;
/** Rows of a layer for which tensors are looked at. */
const SAMPLED_ROWS = 256;
/** Bytes of X and Y that are read back from one run. */
const READ_BYTES = 64 * 2 ** 20;

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
  readonly candidates: readonly Candidate[];
  readonly signal?: AbortSignal | undefined;
}

/** What a probe found out about a layer: means over the batches. */
export interface LayerVariances {
  readonly layer: string;
  /** The variance that its weight's gradient has anyway: eq. 9 of arXiv 2201.13195. */
  readonly dSgd2: number;
  /** The exact variance that each candidate would add: [candidates] */
  readonly variances: number[];
}

/**
 * Measures what each candidate would add to the variance of each layer's gradient, at the weights
 * that training starts from, on the first batches of the first epoch (of at most 16 examples).
 * Variances that need X and Y themselves are taken of 256 random rows. Rows are ranked by what the
 * same batch had under other dropout.
 *
 * @throws UsageError where the data has no labels; what the backend throws
 */
export async function probeLayers(
  model: TrainableModel,
  options: ProbeOptions,
): Promise<LayerVariances[]> {
  const { data, batchSize, seed, priorities, candidates } = options;
  const size = Math.min(batchSize, EXAMPLES, data.length);
  const order = dataOrder(seed, 0, data.length);
  const found = new Map<string, LayerVariances>();
  const batches = Math.min(BATCHES, Math.floor(data.length / size));
  for (let index = 0; index < batches; index++) {
    const indices = [...order.subarray(index * size, (index + 1) * size)];
    const batch = data.batch(indices);
    if (!batch.labels) throw new UsageError('the training data has no labels');
    const { sequence, attentionMask } = batch;
    const rowNorms = new RowNorms(priorities, data.length);
    for (const layers of groupsOf(layersOf(model, { batchSize: size, sequence }))) {
      const shape = { batchSize: size, sequence };
      const graph = traceProbe(model, shape, new Set(layers.map(({ name }) => name)));
      const executable = await options.backend.compile(graph, { state: options.state });
      if (found.size === 0) await options.initialize();
      // Below those of training, which count up from 0, and of starting weights, −1.
      const key = (pass: number) => Int32Array.of(seed, -2 - 2 * index - pass);
      const run = (pass: number) => executable.run({ ...model.inputs(batch), key: key(pass) });
      if (options.signal?.aborted)
        throw new InterruptedError('interrupted while estimators were chosen: nothing is saved');
      await nextTurn();
      const before = await run(0);
      const rows = { indices, sequence, attentionMask };
      for (const layer of layers)
        rowNorms.record(layer.name, rows, momentsOf(layer, before, seed).all.yNorms);
      const outputs = await run(1);
      for (const layer of layers) {
        const measured = momentsOf(layer, outputs, seed);
        const guesses = rowNorms.priorities(layer.name, rows);
        const sums = found.get(layer.name);
        found.set(layer.name, {
          layer: layer.name,
          dSgd2: (sums?.dSgd2 ?? 0) + sgdVariance(measured.all) / batches,
          variances: candidates.map(
            ({ estimator }, at) =>
              (sums?.variances[at] ?? 0) + measured.variance(estimator, guesses) / batches,
          ),
        });
      }
      await executable.dispose();
    }
  }
  return [...found.values()];
}

function momentsOf(
  { name, rows }: LinearLayer,
  outputs: Readonly<Record<string, TensorData>>,
  seed: number,
): SampledMoments {
  const names = probeOutputs(name);
  const chosen = dataOrder(seed, 0, rows).subarray(0, SAMPLED_ROWS);
  return new SampledMoments(
    {
      xNorms: outputs[names.xNorms]!,
      yNorms: outputs[names.yNorms]!,
      x: outputs[names.x] as Float32Array,
      y: outputs[names.y] as Float32Array,
      rows,
      gradientNorm: outputs[names.gradientNorm]![0]!,
    },
    chosen,
  );
}

/** Layers a few at a time, so that what is read back of them stays small. */
function groupsOf(layers: readonly LinearLayer[]): LinearLayer[][] {
  const groups: LinearLayer[][] = [];
  let bytes = READ_BYTES;
  for (const layer of layers) {
    const own = layer.rows * (layer.inputs + layer.outputs) * ELEMENT_BYTES;
    if (bytes + own > READ_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(layer);
    bytes += own;
  }
  return groups;
}
