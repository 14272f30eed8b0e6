import { describeReport, layersOfEstimator, openBackend, warningOfKept } from '@sketchgrad/bench';
import { estimatorOption, Output, refuseUnused } from '@sketchgrad/bench/command-line';
import { readChoice } from '@sketchgrad/bench/node';
import {
  type Category,
  formatBytes,
  type MemoryPlan,
  printPlan,
  sentenceShape,
} from '@sketchgrad/core';
import { loadClassifier } from '@sketchgrad/models/node';
import { expectKeptRows, traceTrainingStep } from '@sketchgrad/train';
import { describeKeep, type EstimatorSpec } from '@sketchgrad/train/language';
import type { Command } from 'commander';
import { addChoiceOption, type ChoiceOption } from '../options/choice.js';
import { addSharedOptions, type SharedOptions } from '../options/shared.js';

interface PlanOptions extends SharedOptions, ChoiceOption {
  readonly estimator: EstimatorSpec;
}

/** Declares `plan`: the memory of a training step, without weights or allocation. */
export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .description('print the memory plan of a training step; nothing is allocated')
    .addOption(estimatorOption('--estimator <name>', 'of the weight gradients', 'dense'));
  addSharedOptions(addChoiceOption(command), { batchSize: 16, sequence: 128 })
    .hook('preAction', (declared) => {
      refuseUnused(declared, ['seed', 'randomWeights'], 'with plan: nothing is drawn');
      refuseUnused(declared, ['priorities'], 'with plan: any ranks take the same bytes');
    })
    .action(plan);
}

async function plan(options: PlanOptions): Promise<void> {
  const { batchSize, sequence, recompute, keep } = options;
  const backend = await openBackend(options);
  try {
    // A plan reads no weights, so those of a model that is not installed are not missed.
    const model = await loadClassifier(options.model, {
      ...{ randomWeights: true, lastLayer: options.lastLayer },
    });
    const layers = options.choice
      ? await readChoice(options.choice, model)
      : layersOfEstimator(options.estimator, model, options);
    const step = { shape: sentenceShape(batchSize, sequence), recompute, ...(keep && { keep }) };
    expectKeptRows(model, layers.option.estimator, [step.shape]);
    const found = backend.plan(traceTrainingStep(model, { ...step, ...layers.option }));
    const output = new Output(options.json);
    const warning = warningOfKept(
      layers,
      found.keptBytes,
      () => backend.plan(traceTrainingStep(model, step)).keptBytes,
    );
    if (warning) output.note(warning);
    output.result(
      [
        `${options.model}, ${batchSize} × ${sequence} tokens, ${describeReport(layers.report)}` +
          `${describeKeep(keep)}, ` +
          `recompute ${recompute}, backend ${backend.name}: ${formatBytes(found.peakBytes)}`,
        printPlan(found),
      ].join('\n'),
      {
        model: options.model,
        batchSize,
        sequence,
        ...layers.report,
        keep: keep ?? {},
        peakBytes: found.peakBytes,
        categories: categories(found),
        keptBytes: found.keptBytes,
        largestLiveBytes: found.largestLiveBytes,
        arenaBytes: found.arenaBytes,
        hostBytes: found.hostBytes,
      },
    );
  } finally {
    await backend.dispose();
  }
}

const CATEGORY_NAMES: Readonly<Record<Category, string>> = {
  parameter: 'parameters',
  optimizer: 'optimizer',
  accumulator: 'accumulators',
  statistic: 'statistics',
  data: 'data',
  kept: 'kept',
  workspace: 'workspace',
  input: 'inputs',
  constant: 'constants',
  output: 'outputs',
};

/** Bytes by category at the moment of the largest live set. */
const categories = (plan: MemoryPlan): Record<string, number> =>
  Object.fromEntries(
    (Object.keys(CATEGORY_NAMES) as Category[]).map((category) => [
      CATEGORY_NAMES[category],
      plan.categories[category],
    ]),
  );
