import type { NodeDataset } from '@sketchgrad/datasets';
import manifest from '../../../package.json' with { type: 'json' };
import type { RunProgress } from '../runs/context.js';
import { digestOfNumbers, withInputs } from '../runs/digests.js';
import { RunFolder } from '../runs/run-folder.js';
import type { GraphRunResult } from './result.js';
import { graphRunSettings } from './run-settings.js';
import type { GraphRunSettings } from './settings.js';
import type { NetworkContext } from './train-network.js';

/** What it learns from, where it keeps its checkpoints, and whether it continues from them. */
type InFolder = Required<Pick<NetworkContext, 'data' | 'inputs' | 'checkpoints' | 'resume'>>;

/**
 * Trains in a folder of the run's own, which has its checkpoints and at the end its result. With
 * `resume` a finished run's result is read, and one that was stopped goes on.
 *
 * @param load reads the graph, by whose content a run is known
 * @throws UsageError where another run has the folder, there is a run already and it is not to be
 * resumed, or one with other settings; what `train` throws
 */
export async function graphRunInFolder(
  path: string,
  options: GraphRunSettings,
  progress: RunProgress,
  load: () => Promise<NodeDataset>,
  train: (run: InFolder) => Promise<GraphRunResult>,
): Promise<GraphRunResult> {
  const folder = new RunFolder<GraphRunResult>(path);
  const { resume, dataset, data: within } = options;
  let data: NodeDataset;
  let inputs: { readonly data: string };
  const settings = async () => {
    data = await load();
    inputs = { data: digestOfGraph(data) };
    return withInputs(await graphRunSettings(options, data), inputs);
  };
  return folder.run(
    {
      ...{ settings, places: { dataset, data: within }, version: manifest.version, resume },
      note: (text) => progress.note(text),
    },
    (resume) => train({ data, inputs, checkpoints: folder.checkpoints, resume }),
  );
}

/** `2708 nodes, 0a1b…`: not by its name, which is that of a folder that may lie anywhere. */
function digestOfGraph({ graph, features, classes, labels, split }: NodeDataset): string {
  const { nodes, rowPointers, columnIndices } = graph;
  const sizes = Int32Array.of(nodes, features.columns, classes);
  const parts = { sizes, rowPointers, columnIndices, features: features.data, labels };
  return `${nodes} nodes, ${digestOfNumbers({ ...parts, ...split })}`;
}
