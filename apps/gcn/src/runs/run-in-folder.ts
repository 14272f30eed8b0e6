import {
  decidingNumbers,
  digestOfNumbers,
  type Output,
  RunFolder,
  withInputs,
} from '@sketchgrad/bench/command-line';
import { loadBackend } from '@sketchgrad/core';
import type { NodeDataset } from '@sketchgrad/datasets';
import manifest from '../../package.json' with { type: 'json' };
import { TRAINING_DECIDES } from '../options/decides.js';
import { backendOptions } from '../options/shared.js';
import type { TrainResult } from './result.js';
import type { RunContext, RunOptions } from './train-network.js';

/** What it learns from, where it keeps its checkpoints, and whether it continues from them. */
type InFolder = Required<Pick<RunContext, 'data' | 'inputs' | 'checkpoints' | 'resume'>>;

/**
 * Trains in a folder of the run's own, which has its checkpoints and at the end its result. With
 * `resume` a finished run's result is read, and one that was stopped goes on.
 *
 * @param load reads the graph, by whose content a run is known
 * @throws UsageError where another run has the folder, there is a run already and it is not to be
 * resumed, or one with other settings; what `train` throws
 */
export async function runInFolder(
  path: string,
  options: RunOptions,
  output: Output,
  load: () => Promise<NodeDataset>,
  train: (run: InFolder) => Promise<TrainResult>,
): Promise<TrainResult> {
  const folder = new RunFolder<Partial<RunOptions>, TrainResult>(path);
  const { resume } = options;
  let data: NodeDataset;
  let inputs: { readonly data: string };
  const settings = async () => {
    const backend = await loadBackend(options.backend, backendOptions(options));
    await backend.dispose();
    data = await load();
    inputs = { data: digestOfGraph(data) };
    return withInputs(decidingNumbers(options, TRAINING_DECIDES, backend.settings), inputs);
  };
  return folder.run(
    { settings, version: manifest.version, resume, note: (text) => output.note(text) },
    (resume) => train({ data, inputs, checkpoints: folder.checkpoints, resume }),
  );
}

/** `cora: 2708 nodes, 0a1b…` */
function digestOfGraph({ name, graph, features, labels, split }: NodeDataset): string {
  const parts = [graph.rowPointers, graph.columnIndices, features.data, labels];
  const digest = digestOfNumbers([...parts, split.train, split.valid, split.test]);
  return `${name}: ${graph.nodes} nodes, ${digest}`;
}
