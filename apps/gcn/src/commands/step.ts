import { type Contender, measureSteps, type StepMeasurement } from '@sketchgrad/bench';
import {
  Output,
  Progress,
  refuseUnused,
  residentMemory,
  STEPS_TO_TIME,
  stepTable,
  type WayReport,
  warningOfKept,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import { ResidentPeak } from '@sketchgrad/bench/node';
import {
  type Backend,
  type DeviceState,
  loadBackend,
  type NodeShape,
  priorityInput,
  rankedLayers,
} from '@sketchgrad/core';
import type { NodeDataset } from '@sketchgrad/datasets';
import type { GraphNetwork } from '@sketchgrad/models';
import {
  adamwOptions,
  adamwSettings,
  expectKeptRows,
  heldNames,
  type TrainingStepOptions,
  traceTrainingStep,
  writeHeld,
} from '@sketchgrad/train';
import { formatWay, settleEstimator, type Way } from '@sketchgrad/train/language';
import type { Command } from 'commander';
import { layersOfEstimator } from '../graphs/layers-of-estimator.js';
import { loadGraph } from '../graphs/load-graph.js';
import { describeNetwork, networkFor } from '../graphs/network.js';
import { addSharedOptions, backendOptions } from '../options/shared.js';
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
  const backend = await loadBackend(options.backend, backendOptions(options));
  const progress = new Progress('step');
  try {
    const state = backend.createState();
    const layers = ways.map((way) =>
      layersOfEstimator(way.estimator, network, { ...options, ...way }),
    );
    const measured = await measureSteps(
      ways.map(({ recompute, keep }, index) => {
        const settings = { recompute, keep, ...layers[index]!.option };
        return contender(names[index]!, settings, { backend, data, network, state }, options);
      }),
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
    const batch = network.batch(data, data.split.train);
    const step = { shape: batch.shape, held: heldNames(Object.keys(batch.inputs)) };
    for (const [index, { keptBytes }] of results.entries()) {
      const { recompute, keep } = ways[index]!;
      const warning = warningOfKept(
        layers[index]!,
        keptBytes,
        () => backend.plan(traceTrainingStep(network, { ...step, recompute, keep })).keptBytes,
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

interface Parts {
  readonly backend: Backend;
  readonly data: NodeDataset;
  readonly network: GraphNetwork;
  /** The weights, which those that are compared share. */
  readonly state: DeviceState;
}

/** As it is typed, its estimator with all its settings. */
const nameOf = (way: Way, options: StepOptions): string =>
  formatWay({ ...way, estimator: settleEstimator(way.estimator, options) });

function contender(
  name: string,
  settings: Omit<TrainingStepOptions<NodeShape>, 'shape'>,
  { backend, data, network, state }: Parts,
  options: StepOptions,
): Contender {
  const batch = network.batch(data, data.split.train);
  const { shape } = batch;
  const held = heldNames(Object.keys(batch.inputs));
  expectKeptRows(network, settings.estimator, [shape]);
  const traced = traceTrainingStep(network, { ...settings, shape, held });
  const priorities = Object.fromEntries(
    rankedLayers(traced.inputs).map((layer) => [
      priorityInput(layer),
      new Float32Array(shape.nodes).fill(1),
    ]),
  );
  return {
    name,
    prepare: async () => {
      const executable = await backend.compile(traced, { state });
      await network.initialize(state, { seed: options.seed });
      await writeHeld(state, batch.inputs);
      let step = 0;
      return {
        executable,
        run: async () => {
          await executable.run({
            ...priorities,
            key: Int32Array.of(options.seed, step),
            // So small that a step's work is the same at any.
            settings: adamwSettings(adamwOptions(), { learningRate: 1e-6, step }),
          });
          step++;
        },
        dispose: () => executable.dispose(),
      };
    },
  };
}
