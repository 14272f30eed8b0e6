import {
  estimatorOption,
  type Interruptions,
  Output,
  Progress,
  stoppedBy,
} from '@sketchgrad/bench/command-line';
import { formatGraphResult, type GraphRunSettings, trainOnGraph } from '@sketchgrad/bench/node';
import type { Command } from 'commander';
import type { SharedOptions } from '../options/shared.js';
import { addTrainingOptions } from '../options/training.js';

type TrainOptions = GraphRunSettings & SharedOptions;

/** Declares `train`: trains one network on one graph. */
export function addTrain(program: Command, interruptions: Interruptions): void {
  const command = program
    .command('train')
    .description("train a network to classify a graph's nodes")
    .addOption(estimatorOption('--estimator <name>', 'of the weight gradients', 'dense'));
  addTrainingOptions(command).action((options: TrainOptions) => train(options, interruptions));
}

async function train(
  { json, ...settings }: TrainOptions,
  interruptions: Interruptions,
): Promise<void> {
  try {
    const result = await trainOnGraph(settings, {
      progress: new Progress('epoch'),
      claimSignal: () => interruptions.claim(),
    });
    new Output(json).result(formatGraphResult(result), result);
  } catch (error) {
    throw stoppedBy(error, interruptions, settings.out !== undefined);
  } finally {
    interruptions.release();
  }
}
