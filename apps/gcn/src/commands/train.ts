import { openBackend } from '@sketchgrad/bench';
import {
  estimatorOption,
  expectFolder,
  type Interruptions,
  Output,
  Progress,
  stoppedBy,
} from '@sketchgrad/bench/command-line';
import type { Command } from 'commander';
import { loadGraph } from '../graphs/load-graph.js';
import { networkFor } from '../graphs/network.js';
import { describeSettings, trainingSettings } from '../options/settings.js';
import type { RunOptions } from '../options/training.js';
import { addTrainingOptions } from '../options/training.js';
import { formatResult, type TrainResult } from '../runs/result.js';
import { runInFolder } from '../runs/run-in-folder.js';
import { type RunContext, trainNetwork } from '../runs/train-network.js';

/** Declares `train`: trains one network on one graph. */
export function addTrain(program: Command, interruptions: Interruptions): void {
  const command = program
    .command('train')
    .description("train a network to classify a graph's nodes")
    .addOption(estimatorOption('--estimator <name>', 'of the weight gradients', 'dense'));
  addTrainingOptions(command).action((options: RunOptions) => train(options, interruptions));
}

async function train(options: RunOptions, interruptions: Interruptions): Promise<void> {
  const { out } = options;
  expectFolder(options);
  const output = new Output(options.json);
  const load = () => loadGraph(options, (text) => output.note(text));
  const result = await (out === undefined
    ? trainOn({ data: await load() }, options, interruptions, output)
    : runInFolder(out, options, output, load, (run) =>
        trainOn(run, options, interruptions, output),
      ));
  output.result(formatResult(result), result);
}

async function trainOn(
  run: Pick<RunContext, 'data' | 'inputs' | 'checkpoints' | 'resume'>,
  options: RunOptions,
  interruptions: Interruptions,
  output: Output,
): Promise<TrainResult> {
  const { data } = run;
  const settings = trainingSettings(options, data, networkFor(options, data));
  output.note(describeSettings(settings, data));
  const backend = await openBackend(options);
  try {
    const signal = interruptions.claim();
    return await trainNetwork(options, {
      ...run,
      ...{ backend, progress: new Progress('epoch'), signal },
    });
  } catch (error) {
    throw stoppedBy(error, interruptions, options.out !== undefined);
  } finally {
    interruptions.release();
    await backend.dispose();
  }
}
