import { checkOptions } from '@sketchgrad/core';
import { openBackend } from '../../open-backend.js';
import { checkContext, type RunContext, type RunProgress, SILENT } from '../runs/context.js';
import { expectFolder } from '../runs/expect-folder.js';
import { GRAPH_RUN_DECIDES } from './decides.js';
import { loadGraph } from './load-graph.js';
import { networkFor } from './network.js';
import type { GraphRunResult } from './result.js';
import { graphRunInFolder } from './run-in-folder.js';
import { GRAPH_DEFAULTS, type GraphRunSettings } from './settings.js';
import { type NetworkContext, trainNetwork } from './train-network.js';
import { describeSettings, trainingSettings } from './training-settings.js';

/**
 * Trains a network to classify a graph's nodes, as the command `train` does: reads the graph, trains as was
 * published for it where the settings do not say, and keeps checkpoints and the result in a folder if told to.
 *
 * @param settings as usual where they are not given, see {@link GRAPH_DEFAULTS}
 * @throws UsageError for settings that there are not, that do not go together, or a folder that has another
 * run; DataError for files that are wrong; InterruptedError where the signal was aborted
 */
export async function trainOnGraph(
  settings: Partial<GraphRunSettings>,
  context: RunContext = {},
): Promise<GraphRunResult> {
  checkContext(context);
  const { progress = SILENT, claimSignal } = context;
  checkOptions('trainOnGraph', settings, KNOWN);
  const options = { ...GRAPH_DEFAULTS, estimator: { estimator: 'dense' }, ...settings } as const;
  expectFolder(options);
  const load = () => loadGraph(options, (text) => progress.note(text));
  const train = (run: PlacedRun) => trainOn(run, options, progress, claimSignal);
  return options.out === undefined
    ? train({ data: await load() })
    : graphRunInFolder(options.out, options, progress, load, train);
}

const KNOWN = Object.fromEntries(Object.keys(GRAPH_RUN_DECIDES).map((name) => [name, true])) as {
  readonly [Name in keyof GraphRunSettings]-?: true;
};

type PlacedRun = Pick<NetworkContext, 'data' | 'inputs' | 'checkpoints' | 'resume'>;

async function trainOn(
  run: PlacedRun,
  options: GraphRunSettings,
  progress: RunProgress,
  claimSignal: RunContext['claimSignal'],
): Promise<GraphRunResult> {
  const { data } = run;
  const settings = trainingSettings(options, data, networkFor(options, data));
  progress.note(describeSettings(settings, data));
  const backend = await openBackend(options);
  try {
    const signal = claimSignal?.();
    return await trainNetwork(options, { ...run, backend, progress, ...(signal && { signal }) });
  } finally {
    await backend.dispose();
  }
}
