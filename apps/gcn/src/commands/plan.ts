import { describeReport, layersOfEstimator, openBackend, warningOfKept } from '@sketchgrad/bench';
import { estimatorOption, Output, refuseUnused } from '@sketchgrad/bench/command-line';
import { describeNetwork, loadGraph, networkFor } from '@sketchgrad/bench/node';
import { formatBytes, printPlan } from '@sketchgrad/core';
import { expectKeptRows, heldNames, traceTrainingStep } from '@sketchgrad/train';
import { describeKeep, type EstimatorSpec } from '@sketchgrad/train/language';
import type { Command } from 'commander';
import { addSharedOptions, type SharedOptions } from '../options/shared.js';

interface PlanOptions extends SharedOptions {
  readonly estimator: EstimatorSpec;
}

/** Declares `plan`: the memory of a step over the whole graph. */
export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .description('print the memory plan of a step over the whole graph; nothing is allocated')
    .addOption(estimatorOption('--estimator <name>', 'of the weight gradients', 'dense'));
  addSharedOptions(command)
    .hook('preAction', (declared) => {
      refuseUnused(declared, ['seed'], 'with plan: nothing is drawn');
      refuseUnused(declared, ['priorities'], 'with plan: any ranks take the same bytes');
      refuseUnused(declared, ['alpha', 'lambda'], 'with plan: any factors take the same bytes');
      refuseUnused(declared, ['normalizeRows'], 'with plan: any features take the same bytes');
    })
    .action(plan);
}

async function plan(options: PlanOptions): Promise<void> {
  const output = new Output(options.json);
  const data = await loadGraph(options, (text) => output.note(text));
  const backend = await openBackend(options);
  try {
    const network = networkFor(options, data);
    const layers = layersOfEstimator(options.estimator, network, options);
    const { report, option } = layers;
    const batch = network.batch(data, data.split.train);
    const { shape } = batch;
    const { recompute, keep } = options;
    const step = {
      shape,
      held: heldNames(Object.keys(batch.inputs)),
      recompute,
      ...(keep && { keep }),
    };
    expectKeptRows(network, option.estimator, [shape]);
    const found = backend.plan(traceTrainingStep(network, { ...step, ...option }));
    const warning = warningOfKept(
      layers,
      found.keptBytes,
      () => backend.plan(traceTrainingStep(network, step)).keptBytes,
    );
    if (warning) output.note(warning);
    const clustersNeeded = found.peakBytes > backend.limits.memoryBytes;
    const advice = clustersNeeded
      ? [
          `more than this machine's ${formatBytes(backend.limits.memoryBytes)}: train with --batch clusters:PARTS`,
        ]
      : [];
    const { peakBytes, keptBytes, largestLiveBytes, arenaBytes, categories } = found;
    output.result(
      [
        `${describeNetwork(options, network)}, ${describeReport(report)}${describeKeep(keep)}, recompute ${recompute}, ` +
          `backend ${backend.name}: ${formatBytes(peakBytes)}`,
        printPlan(found),
        ...advice,
      ].join('\n'),
      {
        ...{
          dataset: options.dataset,
          model: options.model,
          ...shape,
          ...report,
          keep: keep ?? {},
        },
        ...{ peakBytes, categories, keptBytes, largestLiveBytes, arenaBytes, clustersNeeded },
      },
    );
  } finally {
    await backend.dispose();
  }
}
