import {
  layersOfEstimator,
  ModelSteps,
  measureSteps,
  openBackend,
  type StepMeasurement,
  type WayReport,
  warningOfKept,
} from '@sketchgrad/bench';
import {
  Output,
  Progress,
  refuseUnused,
  STEPS_TO_TIME,
  stepTable,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import {
  describeNetwork,
  loadGraph,
  networkFor,
  ResidentPeak,
  residentMemory,
} from '@sketchgrad/bench/node';
import { formatWay, settleEstimator, type Way } from '@sketchgrad/train/language';
import type { Command } from 'commander';
import { addSharedOptions } from '../options/shared.js';
import { addWaysOptions, type WaysOptions, waysOf } from '../options/ways.js';

interface StepOptions extends WaysOptions {
  readonly steps: number;
}

type StepResult = WayReport & Omit<StepMeasurement, 'name'>;

/** Declares `step`: times steps over the whole graph. */
export function addStep(program: Command): void {
  const command = program
    .command('step')
    .description('time steps over the whole graph; several ways take turns')
    .option('--steps <n>', STEPS_TO_TIME, wholeNumber(1), 10);
  addSharedOptions(addWaysOptions(command, 'dense'))
    .hook('preAction', (declared) =>
      refuseUnused(declared, ['priorities'], 'with step: all rows are ranked alike'),
    )
    .action(step);
}

async function step(options: StepOptions): Promise<void> {
  const output = new Output(options.json);
  const ways = waysOf(options);
  // Before the graph is read: what is wrong with an estimator is known at once.
  const names = ways.map((way) => nameOf(way, options));
  const data = await loadGraph(options, (text) => output.note(text));
  const network = networkFor(options, data);
  const backend = await openBackend(options);
  const progress = new Progress('step');
  try {
    const batch = network.batch(data, data.split.train);
    const { shape, inputs } = batch;
    const steps = new ModelSteps(network, backend, {
      ...{ shape, inputs, isHeld: true, seed: options.seed },
    });
    const layers = ways.map((way) =>
      layersOfEstimator(way.estimator, network, { ...options, ...way }),
    );
    const measured = await measureSteps(
      ways.map(({ recompute, keep }, index) =>
        steps.contender(names[index]!, { recompute, keep, ...layers[index]!.option }),
      ),
      {
        steps: options.steps,
        memory: new ResidentPeak(),
        onStep: (done, total) => progress.show(done, total, residentMemory()),
      },
    );
    progress.end();
    const results = measured.map(
      ({ name: _, ...measurement }, index): StepResult => ({
        way: names[index]!,
        ...layers[index]!.report,
        keep: ways[index]!.keep,
        recompute: ways[index]!.recompute,
        ...measurement,
      }),
    );
    for (const [index, { keptBytes }] of results.entries()) {
      const warning = warningOfKept(layers[index]!, keptBytes, () =>
        steps.keptWhenExact(ways[index]!),
      );
      if (warning) output.note(warning);
    }
    const { dataset, model } = options;
    output.result(
      `${describeNetwork(options, network)}, backend ${backend.name}\n${stepTable(results, { resident: false, name: ({ way }) => way })}`,
      { dataset, model, backend: backend.name, results },
    );
  } finally {
    progress.end();
    await backend.dispose();
  }
}

/** As it is typed, its estimator with all its settings. */
const nameOf = (way: Way, options: StepOptions): string =>
  formatWay({ ...way, estimator: settleEstimator(way.estimator, options) });
