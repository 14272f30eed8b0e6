import { checkKeepChoice, checkOptions } from '@sketchgrad/core';
import type { EvaluationRecord } from '../checkpoints/progress.js';
import { checkNodeModel } from '../checks/kinds.js';
import { optimizerOptions } from '../optimizer/optimizer.js';
import { runSource, type TrainedRun } from '../run/train.js';
import { runSettings } from '../settings/settings.js';
import type { NodeModel } from './model.js';
import { checkNodeData } from './node-data.js';
import { NodeSource } from './node-source.js';
import { checkBatches, type NodeTrainingOptions, OPTIONS } from './options.js';

/** What came of a run over a graph. */
export interface NodeTrainingRun extends TrainedRun {
  /** The evaluation that is best by `selectBy` on `valid`; its scores are `valid` and `test`. */
  readonly best: EvaluationRecord;
  /** The share of the rows of the first epoch's steps that are no node's: 0 of the whole graph. */
  readonly emptyRows: number;
}

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

/**
 * Trains a network to classify the nodes of a graph: Adam over the whole graph at once, or over
 * parts of it; the scores of the epoch that is best on `valid`. Every number follows from the options;
 * a run that was stopped at any moment and resumed ends with the same bits as one that never was.
 *
 * @throws UsageError for options that do not fit, a store with an earlier run's checkpoints, or
 * a resumed run with other settings; PlanError before the first step where it does not fit in
 * memory; NonFiniteError for a loss or weight that is not finite; InterruptedError once the signal
 * is aborted; CheckpointError where a checkpoint cannot be written
 */
export async function trainNodes(
  model: NodeModel,
  options: NodeTrainingOptions,
): Promise<NodeTrainingRun> {
  checkNodeModel(model);
  checkOptions('trainNodes', options, OPTIONS);
  const { data, batches, ...rest } = options;
  const { epochs = 200, learningRate = 0.01 } = rest;
  checkNodeData(data);
  checkBatches(batches);
  if (rest.keep !== undefined)
    checkKeepChoice(rest.keep as Readonly<Record<string, number | undefined>>, ['norm']);
  const given = optimizerOptions(rest.optimizer);
  const optimizer = given.kind === undefined ? { ...ADAM, ...rest.optimizer } : given;
  const source = new NodeSource(model, { data, batches, seed: rest.seed ?? 0 });
  const settings = runSettings({ ...rest, epochs, learningRate, optimizer }, source);
  const run = await runSource(source, settings);
  return { ...run, best: run.best!, emptyRows: source.emptyRows };
}
