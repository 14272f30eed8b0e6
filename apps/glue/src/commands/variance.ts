import { counted, type Interruptions, Progress, stoppedBy } from '@sketchgrad/bench/command-line';
import type { ProbeRecord } from '@sketchgrad/train';
import { formatEstimator } from '@sketchgrad/train/language';
import type { Command } from 'commander';
import { addVarianceOptions, type VarianceOptions } from '../options/variance.js';
import { observedEstimator, probeOnTask } from '../runs/probe-on-task.js';

/** Declares `variance`: the noise in weight gradients while a model is trained. */
export function addVariance(program: Command, interruptions: Interruptions): void {
  const command = program
    .command('variance')
    .description(
      "train a model and compare, step by step, SGD's own noise in a layer's gradient with an " +
        "estimator's; JSON lines on standard output. The defaults are as in figure 5 of arXiv " +
        '2201.13195, but for MiniLM in place of RoBERTa-base',
    );
  addVarianceOptions(command).action((options: VarianceOptions) =>
    variance(options, interruptions),
  );
}

async function variance(options: VarianceOptions, interruptions: Interruptions): Promise<void> {
  const progress = new Progress('step');
  const { task, model, batchSize } = options;
  const name = formatEstimator(observedEstimator(options));
  progress.note(`${model} on ${task}, batches of ${batchSize}, D²_RMM of ${name}`);
  const seen = new Map<string, Summary>();
  try {
    await probeOnTask(options, {
      progress,
      signal: interruptions.claim(),
      onRecord: (record) => {
        process.stdout.write(`${JSON.stringify(record)}\n`);
        seen.set(record.layer, added(seen.get(record.layer), record));
      },
    });
  } catch (error) {
    throw stoppedBy(error, interruptions, false);
  } finally {
    interruptions.release();
    for (const [layer, summary] of seen) progress.note(`${layer}: ${describe(summary)}`);
  }
}

/** Sums over the steps of a layer. */
interface Summary {
  readonly steps: number;
  readonly dSgd2: number;
  readonly dRmm2: number;
  readonly held: number;
}

const NOTHING: Summary = { steps: 0, dSgd2: 0, dRmm2: 0, held: 0 };

const added = (sums: Summary = NOTHING, { dSgd2, dRmm2, holds }: ProbeRecord): Summary => ({
  steps: sums.steps + 1,
  dSgd2: sums.dSgd2 + dSgd2,
  dRmm2: sums.dRmm2 + dRmm2,
  held: sums.held + (holds ? 1 : 0),
});

const describe = ({ steps, dSgd2, dRmm2, held }: Summary): string =>
  `mean D²_SGD ${(dSgd2 / steps).toPrecision(3)}, mean D²_RMM ${(dRmm2 / steps).toPrecision(3)}; ` +
  `the published bound held at ${held} of ${counted(steps, 'step')}`;
