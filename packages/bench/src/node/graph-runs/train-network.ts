import { type Backend, formatBytes, PlanError } from '@sketchgrad/core';
import { clusterBatches, type NodeDataset, partitionGraph } from '@sketchgrad/datasets';
import { type NodeBatches, type NodeTrainingOptions, trainNodes } from '@sketchgrad/train';
import { CheckpointFolder } from '@sketchgrad/train/node';
import { layersOfEstimator } from '../../estimators/linear-layers.js';
import { ResidentPeak } from '../resident-peak.js';
import type { RunProgress } from '../runs/context.js';
import type { Inputs } from '../runs/digests.js';
import { formatDuration } from '../runs/duration.js';
import { residentMemory } from '../runs/memory.js';
import { networkFor } from './network.js';
import type { GraphRunResult } from './result.js';
import type { Clusters, GraphRunSettings, GraphTrainingSettings } from './settings.js';
import { penaltyOf, type TrainingSettings, trainingSettings } from './training-settings.js';

/** What surrounds a run. */
export interface NetworkContext {
  readonly backend: Backend;
  readonly data: NodeDataset;
  readonly progress: RunProgress;
  /** What the run starts from, for its checkpoints. */
  readonly inputs?: Inputs;
  /** Where the run keeps its checkpoints; nowhere unless given. */
  readonly checkpoints?: string;
  /** Continues from them. */
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Trains a network on a graph.
 *
 * @throws what `trainNodes` throws; a PlanError says how to train on parts of the graph
 */
export async function trainNetwork(
  options: GraphRunSettings,
  { backend, data, inputs, progress, checkpoints, resume = false, signal }: NetworkContext,
): Promise<GraphRunResult> {
  const network = networkFor(options, data);
  const { report, option } = layersOfEstimator(options.estimator, network, options);
  const settings = trainingSettings(options, data, network);
  const resident = new ResidentPeak();
  progress.count('epoch');
  try {
    const run = await trainNodes(network, {
      ...trainingOptions(options, settings, data),
      ...option,
      ...{ backend, data, resume, seed: options.seed },
      ...(signal && { signal }),
      ...(inputs && { inputs }),
      ...(checkpoints && {
        checkpoint: {
          store: new CheckpointFolder(checkpoints),
          everyEpochs: options.saveEvery,
        },
      }),
      onEpoch: ({ epoch, loss, evaluation, secondsPerEpoch, plannedPeakBytes }) => {
        const rest = formatDuration(secondsPerEpoch * (settings.epochs - epoch - 1));
        const valid = evaluation ? `  valid ${evaluation.metrics.valid!.toFixed(4)}` : '';
        const planned = `planned peak ${formatBytes(plannedPeakBytes)}`;
        const details = `loss ${loss.toFixed(4)}${valid}  ETA ${rest}  ${planned}  ${residentMemory()}`;
        progress.show(epoch + 1, settings.epochs, details);
      },
      onWarning: (message) => progress.note(`warning: ${message}`),
    });
    // The next run of a table has its memory.
    await run.state.dispose();
    return {
      dataset: options.dataset,
      ...sizesOf(network.config),
      backend: backend.name,
      ...report,
      keep: options.keep ?? {},
      recompute: options.recompute,
      settings,
      seed: options.seed,
      epochs: run.loss.length,
      bestEpoch: run.best.epoch + 1,
      metric: data.metric,
      metrics: { ...run.best.metrics, validLoss: run.best.loss },
      loss: run.loss,
      steps: run.steps,
      secondsPerEpoch: run.secondsPerEpoch,
      plannedPeakBytes: run.plan.peakBytes,
      measuredPeakBytes: run.measuredPeakBytes,
      processPeakBytes: resident.bytes,
      keptBytes: run.plan.keptBytes,
      linearKeptBytes: run.plan.linearKeptBytes,
      executables: run.executables,
      emptyRows: run.emptyRows,
    };
  } catch (error) {
    if (!(error instanceof PlanError) || options.batch !== 'full') throw error;
    const { message, neededBytes, limitBytes } = error;
    const advice = `${message}, or parts of the graph at a time: --batch clusters:PARTS`;
    throw new PlanError(advice, neededBytes, limitBytes, { cause: error });
  } finally {
    resident.stop();
    progress.end();
  }
}

const sizesOf = ({ model, layers, hidden }: ReturnType<typeof networkFor>['config']) => ({
  ...{ model, layers, hidden },
});

function trainingOptions(
  options: GraphTrainingSettings,
  settings: TrainingSettings,
  data: NodeDataset,
): Omit<NodeTrainingOptions, 'backend' | 'data'> {
  const { epochs, learningRate, patience, selectBy } = settings;
  return {
    ...{ epochs, learningRate, selectBy },
    penalty: penaltyOf(settings),
    ...(patience === null ? {} : { patience }),
    evaluateEvery: options.evaluateEvery,
    priorities: options.priorities,
    recompute: options.recompute,
    ...(options.keep && { keep: options.keep }),
    ...(options.batch === 'full' ? {} : { batches: clusters(data, options.batch) }),
  };
}

function clusters(data: NodeDataset, { parts, perBatch }: Clusters): NodeBatches {
  const partition = partitionGraph(data.graph, parts);
  return {
    name: `clusters:${parts}:${perBatch}`,
    of: (key) => clusterBatches(data, partition, perBatch, key),
  };
}
