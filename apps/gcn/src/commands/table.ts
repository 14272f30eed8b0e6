import {
  type Interruptions,
  Output,
  Progress,
  stoppedBy,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import { compareOnGraph, resultTable } from '@sketchgrad/bench/node';
import type { Command } from 'commander';
import { addTrainingOptions, type TrainingOptions } from '../options/training.js';
import { addWaysOptions, type WaysOptions, waysOf } from '../options/ways.js';

interface TableOptions extends TrainingOptions, WaysOptions {
  readonly seeds: number;
}

/**
 * EXACT as published, the paper's sketches, and ours. Sketches of random entries are in blocks: over
 * all of ogbn-arxiv's nodes at once they would take minutes a step.
 */
const ESTIMATORS = [
  'dense',
  'rmm:gaussian:0.1:block-rows=1024',
  'rmm:rademacher:0.1:block-rows=1024',
  'rmm:count:0.1',
  ...[1, 2, 4, 8].map((bits) => `exact:${bits}`),
  'quantized:1',
  'quantized:2',
  'quantized:4',
].join(',');

/** Declares `table`: estimators beside each other, over several seeds. */
export function addTable(program: Command, interruptions: Interruptions): void {
  const command = program
    .command('table')
    .description('train in several ways and with several seeds, and compare them')
    .option('--seeds <n>', 'runs of each, with the seeds from --seed on', wholeNumber(1, 1000), 3);
  addTrainingOptions(addWaysOptions(command, ESTIMATORS)).action((options: TableOptions) =>
    table(options, interruptions),
  );
}

async function table(
  { json, estimator, ...options }: TableOptions,
  interruptions: Interruptions,
): Promise<void> {
  const { dataset, model, seeds, out } = options;
  try {
    const { backend, rows, results } = await compareOnGraph(
      { ...options, ways: waysOf({ json, estimator, ...options }) },
      { progress: new Progress('epoch'), claimSignal: () => interruptions.claim() },
    );
    new Output(json).result(resultTable(rows), {
      ...{ dataset, model, backend, seeds },
      ...{ rows, results },
    });
  } catch (error) {
    throw stoppedBy(error, interruptions, out !== undefined);
  } finally {
    interruptions.release();
  }
}
