import {
  layersOfEstimator,
  measureSteps,
  openBackend,
  type StepMeasurement,
  type WayReport,
} from '@sketchgrad/bench';
import {
  addBackendOptions,
  addSeedAndJson,
  Output,
  Progress,
  refuseRepeated,
  refuseUnused,
  STEPS_TO_TIME,
  waysOption,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import {
  bytesColumn,
  comparisonTable,
  ResidentPeak,
  readTraining,
  residentMemory,
} from '@sketchgrad/bench/node';
import { type Backend, type SentenceBatch, UsageError } from '@sketchgrad/core';
import type { EncoderClassifier } from '@sketchgrad/models';
import { loadClassifier } from '@sketchgrad/models/node';
import { dataOrder } from '@sketchgrad/train';
import { formatWay, type Way } from '@sketchgrad/train/language';
import type { Command } from 'commander';
import { type GradientNoise, gradientNoise } from '../compare/gradient-noise.js';
import { comparedWays } from '../compare/ways.js';
import type { FinetuneOptions } from '../options/finetune.js';
import { addNewHeadOption } from '../options/new-head.js';
import { addModelOptions, addPadToOption } from '../options/shared.js';
import { addTaskOptions } from '../options/task.js';
import { StepBench } from '../steps/step-bench.js';

interface CompareOptions
  extends Pick<
    FinetuneOptions,
    | 'model'
    | 'randomWeights'
    | 'newHead'
    | 'backend'
    | 'threads'
    | 'task'
    | 'data'
    | 'download'
    | 'batchSize'
    | 'sequence'
    | 'padTo'
    | 'lastLayer'
    | 'seed'
    | 'json'
  > {
  readonly ways: readonly Way[];
  readonly steps: number;
  readonly noiseBatches: number;
}

/** One way's line of the command's JSON. */
export type CompareResult = WayReport &
  Omit<StepMeasurement, 'name' | 'residentPeakBytes'> & {
    readonly [Name in keyof GradientNoise]: number | null;
  };

const UNKNOWN = { addedNoise: null, relativeError: null };

/** Declares `compare`: bytes, seconds and noise of whole ways to train. */
export function addCompare(program: Command): void {
  const command = addTaskOptions(program.command('compare'), 'whose batches noise is measured on')
    .description(
      'compare ways to train by bytes, seconds a step, which are timed in turns on random tokens, ' +
        "and what they add to the gradient's noise on a task's first batches",
    )
    .addOption(
      waysOption(
        "with ; between them, each an estimator and what else is not as usual: 'dense; dense block; " +
          "quantized:3 gelu=3,norm=8 projections'",
      ).default(comparedWays(), comparedWays().map(formatWay).join('; ')),
    );
  addBackendOptions(addModelOptions(command))
    .option('--batch-size <n>', 'examples in a step', wholeNumber(1), 16)
    .option(
      '--sequence <n>',
      'tokens in a timed example; of the task, at most',
      wholeNumber(1),
      128,
    )
    .option('--steps <n>', STEPS_TO_TIME, wholeNumber(1), 5)
    .option(
      '--noise-batches <n>',
      'batches that noise is measured on; 0 for none, where the model has no tokenizer',
      wholeNumber(0),
      2,
    )
    .hook('preAction', (declared) => {
      refuseRepeated(declared);
      if (declared.opts<CompareOptions>().noiseBatches === 0)
        refuseUnused(
          declared,
          ['task', 'data', 'download', 'newHead', 'padTo'],
          'with --noise-batches 0: no noise is measured',
        );
    });
  addNewHeadOption(addSeedAndJson(addPadToOption(command), 'of all random numbers')).action(
    compare,
  );
}

async function compare(options: CompareOptions): Promise<void> {
  const { model: name, batchSize, sequence, ways } = options;
  const output = new Output(options.json);
  const backend = await openBackend(options);
  const progress = new Progress('step');
  try {
    const noise = await measureNoise(options, backend, progress);
    const model = await loadClassifier(name, {
      randomWeights: options.randomWeights,
      newHead: options.newHead,
      lastLayer: options.lastLayer,
      // Where noise was measured, the same file has been told of.
      onWarning: (message) => noise || progress.note(`warning: ${message}`),
    });
    const bench = new StepBench(model, backend, { ...options, recompute: 'cheap' });
    const layers = ways.map((way) => layersOfEstimator(way.estimator, model, way));
    const measured = await measureSteps(
      ways.map((way, index) => bench.contender(layers[index]!, way)),
      {
        steps: options.steps,
        memory: new ResidentPeak(),
        onStep: (done, total) => progress.show(done, total, `timing  ${residentMemory()}`),
      },
    );
    progress.end();
    const results = measured.map(
      ({ name: way, residentPeakBytes: _, ...measurement }, index): CompareResult => ({
        way,
        ...layers[index]!.report,
        keep: ways[index]!.keep,
        recompute: ways[index]!.recompute,
        ...measurement,
        ...(noise?.[index] ?? UNKNOWN),
      }),
    );
    for (const [index, { keptBytes }] of results.entries()) {
      const warning = bench.warningOf(layers[index]!, keptBytes, ways[index]!);
      if (warning) output.note(warning);
    }
    output.result(
      `${name}, ${batchSize} × ${sequence} tokens, backend ${backend.name}\n${compareTable(results)}`,
      { model: name, backend: backend.name, task: options.task, batchSize, sequence, results },
    );
  } finally {
    progress.end();
    await backend.dispose();
  }
}

/** Undefined where it is not wanted. */
async function measureNoise(
  options: CompareOptions,
  backend: Backend,
  progress: Progress,
): Promise<GradientNoise[] | undefined> {
  const { ways, noiseBatches, seed } = options;
  if (noiseBatches === 0) return undefined;
  const { model, batches } = await readBatches(options, progress);
  return gradientNoise(model, ways, {
    backend,
    batches,
    seed,
    onStep: (done, total) => progress.show(done, total, `noise  ${residentMemory()}`),
  });
}

/** A model for the task, and the first batches of its first epoch. */
async function readBatches(
  options: CompareOptions,
  progress: Progress,
): Promise<{ readonly model: EncoderClassifier; readonly batches: readonly SentenceBatch[] }> {
  const { batchSize, noiseBatches, seed } = options;
  const { model, data } = await readTraining(options, progress);
  const order = dataOrder(seed, 0, data.length);
  if (batchSize < 2)
    throw new UsageError(
      'noise is told in units of how examples of a batch differ: --batch-size must be 2 at least, or --noise-batches 0',
    );
  if (data.length < noiseBatches * batchSize)
    throw new UsageError(
      `${noiseBatches} batches of ${batchSize} need ${noiseBatches * batchSize} examples, and ${options.task} has ${data.length}`,
    );
  const batches = Array.from({ length: noiseBatches }, (_, index) =>
    data.batch(order.subarray(index * batchSize, (index + 1) * batchSize)),
  );
  return { model, batches };
}

/** For people, with ratios to the first way. */
export const compareTable = (results: readonly CompareResult[]): string =>
  comparisonTable(results, [
    { title: 'way', text: ({ way }) => way },
    bytesColumn('kept', ({ keptBytes }) => keptBytes),
    bytesColumn('peak', ({ plannedPeakBytes }) => plannedPeakBytes),
    {
      title: 'seconds a step',
      text: ({ secondsPerStep: { median } }) => median.toFixed(3),
      value: ({ secondsPerStep: { median } }) => median,
    },
    {
      title: 'added noise / D²_SGD by example',
      text: ({ addedNoise }) => (addedNoise === null ? 'unknown' : addedNoise.toPrecision(3)),
    },
    {
      title: 'relative error',
      text: ({ relativeError }) =>
        relativeError === null ? 'unknown' : relativeError.toPrecision(3),
    },
  ]);
