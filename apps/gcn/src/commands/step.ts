import { type Contender, measureSteps, type StepMeasurement } from '@sketchgrad/bench';
import {
  alike,
  chosenEstimator,
  describeKeep,
  describeReport,
  type EstimatorReport,
  type EstimatorSpec,
  estimatorList,
  type LinearLayers,
  Output,
  Progress,
  residentMemory,
  stepTable,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import {
  type Backend,
  type DeviceState,
  loadBackend,
  priorityInput,
  rankedLayers,
} from '@sketchgrad/core';
import type { NodeDataset } from '@sketchgrad/datasets';
import { adamwOptions, adamwSettings, traceNodeStep } from '@sketchgrad/train';
import type { Command } from 'commander';
import { loadGraph } from '../graphs/load-graph.js';
import { describeNetwork, networkFor } from '../graphs/network.js';
import { addSharedOptions, backendOptions, type SharedOptions } from '../options/shared.js';

interface StepOptions extends SharedOptions {
  readonly estimator: readonly EstimatorSpec[];
  readonly steps: number;
}

type StepResult = EstimatorReport & Omit<StepMeasurement, 'name'>;

/** Declares `step`: times steps over the whole graph. */
export function addStep(program: Command): void {
  const command = program
    .command('step')
    .description('time steps over the whole graph; several estimators take turns')
    .option(
      '--estimator <names>',
      'one or several, with settings or without: dense,rmm:gaussian:0.1',
      estimatorList,
      estimatorList('dense'),
    )
    .option('--steps <n>', 'steps to time, after two of warm-up', wholeNumber(1), 10);
  addSharedOptions(command).action(step);
}

async function step(options: StepOptions): Promise<void> {
  const output = new Output(options.json);
  const choices = options.estimator.map((each) => alike(chosenEstimator(each, options)));
  const data = await loadGraph(options, (text) => output.note(text));
  const backend = await loadBackend(options.backend, backendOptions(options));
  const progress = new Progress('step');
  try {
    const state = backend.createState();
    const measured = await measureSteps(
      choices.map((choice) => contender(choice, options, { backend, data, state })),
      {
        steps: options.steps,
        onStep: (done, total) => progress.show(done, total, residentMemory()),
      },
    );
    progress.end();
    const results = measured.map(
      ({ name: _, ...measurement }, index): StepResult => ({
        ...choices[index]!.report,
        ...measurement,
      }),
    );
    const { dataset, model, keep } = options;
    output.result(
      `${describeNetwork(options, networkFor(options, data))}${describeKeep(keep)}, backend ${backend.name}\n${stepTable(results, { resident: false })}`,
      { dataset, model, backend: backend.name, keep: keep ?? {}, results },
    );
  } finally {
    progress.end();
    await backend.dispose();
  }
}

interface Parts {
  readonly backend: Backend;
  readonly data: NodeDataset;
  /** The weights, which those that are compared share. */
  readonly state: DeviceState;
}

function contender(
  { report, option }: LinearLayers,
  options: StepOptions,
  { backend, data, state }: Parts,
): Contender {
  const network = networkFor(options, data);
  const { shape, inputs } = network.batch(data, data.split.train);
  const { recompute, keep } = options;
  const graph = traceNodeStep(network, { shape, recompute, ...option, ...(keep && { keep }) });
  const priorities = Object.fromEntries(
    rankedLayers(graph.inputs).map((layer) => [
      priorityInput(layer),
      new Float32Array(shape.nodes).fill(1),
    ]),
  );
  return {
    name: describeReport(report),
    prepare: async () => {
      const executable = await backend.compile(graph, { state });
      await network.initialize(state, { seed: options.seed });
      let step = 0;
      return {
        executable,
        run: async () => {
          await executable.run({
            ...inputs,
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
