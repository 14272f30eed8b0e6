import { join } from 'node:path';
import {
  type Backend,
  checkCount,
  checkOptions,
  describeValue,
  UsageError,
} from '@sketchgrad/core';
import type { NodeDataset } from '@sketchgrad/datasets';
import { byValue, formatWay, settleEstimator, type Way } from '@sketchgrad/train/language';
import { LOCK_FILE } from '@sketchgrad/train/node';
import { openBackend } from '../../open-backend.js';
import { checkContext, type RunContext, type RunProgress, SILENT } from '../runs/context.js';
import { expectFolder } from '../runs/expect-folder.js';
import { inLockedFolder } from '../runs/locked-folder.js';
import { holdsRun, isUntouched, namesIn, nothingToResume } from '../runs/run-folder.js';
import { GRAPH_RUN_DECIDES } from './decides.js';
import { loadGraph } from './load-graph.js';
import { networkFor } from './network.js';
import type { GraphRunResult } from './result.js';
import { type TableRow, tableRows } from './result-table.js';
import { graphRunInFolder } from './run-in-folder.js';
import { GRAPH_DEFAULTS, type GraphComparisonSettings, type GraphRunSettings } from './settings.js';
import { trainNetwork } from './train-network.js';
import { describeSettings, trainingSettings } from './training-settings.js';

/** What came of runs that are compared. */
export interface GraphComparison {
  readonly backend: string;
  /** One a way, in their order. */
  readonly rows: readonly TableRow[];
  readonly results: readonly GraphRunResult[];
}

/**
 * Trains a network in several ways and with several seeds, as the command `table` does; with a folder, each
 * run in a folder of its own there.
 *
 * @param given `ways` and `seeds`; what is not given is as usual, see {@link GRAPH_DEFAULTS}
 * @throws what {@link trainOnGraph} throws
 */
export async function compareOnGraph(
  given: Partial<GraphComparisonSettings> & Pick<GraphComparisonSettings, 'ways' | 'seeds'>,
  context: RunContext = {},
): Promise<GraphComparison> {
  checkContext(context);
  const { progress = SILENT, claimSignal } = context;
  checkOptions('compareOnGraph', given, KNOWN);
  const settings: GraphComparisonSettings = { ...GRAPH_DEFAULTS, ...given };
  const { out, resume, seed, seeds, ways } = settings;
  if (!Array.isArray(ways) || ways.length === 0)
    throw new UsageError(
      `ways are a list of at least one, such as parseWays('dense; quantized:2') gives, but they are ${describeValue(ways)}`,
    );
  checkCount('seeds', seeds);
  expectFolder(settings, 'table');
  if (seed + seeds > 2 ** 32)
    throw new UsageError(`--seed ${seed} leaves no room for ${seeds} seeds below 2^32`);
  if (resume && out !== undefined && !(await isUntouched(out)) && !(await holdsTable(out)))
    throw nothingToResume(out);
  const train = () => trainAll(settings, progress, claimSignal);
  const found = await (out === undefined
    ? train()
    : inLockedFolder(out, (text) => progress.note(text), train));
  return { ...found, rows: tableRows(found.results) };
}

const { estimator: _, ...SHARED } = GRAPH_RUN_DECIDES;
const KNOWN = {
  ...Object.fromEntries(Object.keys(SHARED).map((name) => [name, true])),
  ...{ ways: true, seeds: true },
} as { readonly [Name in keyof GraphComparisonSettings]-?: true };

/** The results of all ways and seeds, and the backend's name. */
async function trainAll(
  settings: GraphComparisonSettings,
  progress: RunProgress,
  claimSignal: RunContext['claimSignal'],
): Promise<Omit<GraphComparison, 'rows'>> {
  const { ways, seed: first, seeds } = settings;
  const data = await loadGraph(settings, (text) => progress.note(text));
  const training = trainingSettings(settings, data, networkFor(settings, data));
  progress.note(describeSettings(training, data));
  const backend = await openBackend(settings);
  const results: GraphRunResult[] = [];
  try {
    const signal = claimSignal?.();
    const around = { backend, data, progress, ...(signal && { signal }) };
    for (let seed = first; seed < first + seeds; seed++)
      for (const way of ways) results.push(await trainInWay(settings, way, seed, around));
    return { backend: backend.name, results };
  } finally {
    await backend.dispose();
  }
}

interface Around {
  readonly backend: Backend;
  readonly data: NodeDataset;
  readonly progress: RunProgress;
  readonly signal?: AbortSignal;
}

async function trainInWay(
  { out, ways: _, seeds: __, ...shared }: GraphComparisonSettings,
  way: Way,
  seed: number,
  around: Around,
): Promise<GraphRunResult> {
  const { estimator, everyLayer, recompute } = way;
  const keep = Object.keys(way.keep).length > 0 ? way.keep : undefined;
  const name = formatWay({ ...way, estimator: settleEstimator(estimator, shared) });
  around.progress.note(`${name}, seed ${seed}`);
  const folder = out && join(out, folderOf(way, shared, seed));
  const run: GraphRunSettings = {
    ...shared,
    ...{ estimator, everyLayer, recompute, seed },
    ...(keep && { keep }),
    // Those that the table has not come to begin anew.
    resume: shared.resume && folder !== undefined && (await holdsRun(folder)),
  };
  if (folder === undefined) return trainNetwork(run, around);
  return graphRunInFolder(
    folder,
    run,
    around.progress,
    async () => around.data,
    (place) => trainNetwork(run, { ...around, ...place }),
  );
}

/** By what the way computes, so that a finished run is found again however the way is typed. */
function folderOf(
  way: Way,
  settings: Omit<GraphComparisonSettings, 'ways' | 'seeds' | 'out'>,
  seed: number,
): string {
  const estimator = byValue(settleEstimator(way.estimator, settings));
  return `${formatWay({ ...way, estimator }).replaceAll(/[: =,]/g, '-')}-seed-${seed}`;
}

/** Whether a table has begun in a folder: one of its runs, or the lock of one that was killed. */
async function holdsTable(path: string): Promise<boolean> {
  const names = await namesIn(path);
  if (names.includes(LOCK_FILE)) return true;
  const runs = await Promise.all(names.map((name) => holdsRun(join(path, name))));
  return runs.includes(true);
}
