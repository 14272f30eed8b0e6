import type { Graph } from '@sketchgrad/core';
import type { TrainableModel, TrainingData } from '../model.js';
import { dataOrder } from '../order/data-order.js';
import type { LayerProbe } from '../probe/layer-probe.js';
import { isProbed } from '../probe/options.js';
import type { Job } from '../step/executable-cache.js';
import { traceEvaluation } from '../step/trace-evaluation.js';
import { type Accumulation, traceTrainingStep } from '../step/trace-training-step.js';
import { EpochCut, type Piece } from './epoch-cut.js';
import type { Settings } from './settings.js';

/** What an update does with the gradients of its `index`-th of `count` micro-batches. */
export function accumulationOf(cut: EpochCut, index: number, count: number): Accumulation {
  if (cut.accumulate === 1) return 'none';
  return index === count - 1 ? 'apply' : 'add';
}

/**
 * The graph of each job of a run.
 * @param layerProbe what observes layers in the jobs that are for it
 */
export function tracer(
  model: TrainableModel,
  { options, recompute }: Settings,
  layerProbe?: LayerProbe,
) {
  const { keep, clipNorm } = options;
  return ({ work, shape, probe }: Job): Graph => {
    if (work === 'evaluate') return traceEvaluation(model, shape);
    const estimator = probe ? layerProbe?.estimators(options.estimator) : options.estimator;
    return traceTrainingStep(model, {
      // Where inputs are free is settled before the run, and a probe's layers are watched there too.
      everyLayer: true,
      shape,
      recompute,
      accumulation: work,
      ...(estimator ? { estimator } : {}),
      ...(keep ? { keep } : {}),
      ...(clipNorm === undefined ? {} : { clipNorm }),
    });
  };
}

/** Epochs whose batches are looked at before the first step, or as many as have so many examples. */
const EPOCHS_KNOWN = 10;
const EXAMPLES_KNOWN = 100_000;

/**
 * What a run will have to execute; of the later epochs of a long run, the largest that they can have.
 * Where the data does not tell lengths, only its first batch is looked at.
 */
export function* jobsOf(settings: Settings): Iterable<Job> {
  const { data, cut, epochs, seed, options } = settings;
  const most = Math.max(EPOCHS_KNOWN, Math.floor(EXAMPLES_KNOWN / data.length));
  const knownEpochs = data.sequenceOf ? Math.min(epochs, most) : 1;
  for (let epoch = 0; epoch < knownEpochs; epoch++) {
    const order = dataOrder(seed, epoch, data.length);
    const end = data.sequenceOf ? data.length : 1;
    for (let position = 0; position < end; position += cut.batchSize) {
      const pieces = cut.pieces(position);
      const step = epoch * cut.updates + position / cut.batchSize;
      for (const [index, piece] of pieces.entries())
        yield {
          work: accumulationOf(cut, index, pieces.length),
          shape: shapeOf(data, order, piece),
          probe: isProbed(options.probe, step),
        };
    }
  }
  if (data.sequenceOf && epochs > knownEpochs) yield* largestOf(settings);
  if (options.evaluation) yield* evaluationJobs(options.evaluation.data, cut.batchSize);
}

/** Whole batches, the longest example among them. */
function* largestOf({ data, cut, options }: Settings): Iterable<Job> {
  let sequence = 0;
  for (let index = 0; index < data.length; index++)
    sequence = Math.max(sequence, data.sequenceOf!(index));
  const pieces = cut.pieces(0);
  for (const [index, { start, end }] of pieces.entries())
    for (const probe of options.probe ? [false, true] : [false])
      yield {
        work: accumulationOf(cut, index, pieces.length),
        shape: { batchSize: end - start, sequence },
        probe,
      };
}

/** The batches of an evaluation: the examples in order. */
export function evaluationPieces(data: TrainingData, batchSize: number): Piece[] {
  const cut = new EpochCut(data.length, batchSize, 1);
  return Array.from({ length: cut.updates }, (_, i) => cut.pieces(i * batchSize)[0]!);
}

export function* evaluationJobs(data: TrainingData, batchSize: number): Iterable<Job> {
  const pieces = evaluationPieces(data, batchSize);
  for (const piece of data.sequenceOf ? pieces : pieces.slice(0, 1))
    yield { work: 'evaluate', shape: shapeOf(data, undefined, piece) };
}

/** The shape of a batch, without making it where the data tells lengths. */
function shapeOf(data: TrainingData, order: Uint32Array | undefined, { start, end }: Piece) {
  const indices = indicesOf(order, { start, end });
  if (!data.sequenceOf) {
    const { batchSize, sequence } = data.batch(indices);
    return { batchSize, sequence };
  }
  let sequence = 0;
  for (const index of indices) sequence = Math.max(sequence, data.sequenceOf(index));
  return { batchSize: indices.length, sequence };
}

/** The examples of a piece; `order` is the data's own unless given. */
export const indicesOf = (order: Uint32Array | undefined, { start, end }: Piece): number[] =>
  Array.from({ length: end - start }, (_, i) => order?.[start + i] ?? start + i);
