import { join } from 'node:path';
import { openBackend } from '@sketchgrad/bench';
import {
  expectFolder,
  holdsRun,
  type Interruptions,
  inLockedFolder,
  isUntouched,
  namesIn,
  nothingToResume,
  Output,
  Progress,
  stoppedBy,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import { UsageError } from '@sketchgrad/core';
import { byValue, formatWay, settleEstimator, type Way } from '@sketchgrad/train/language';
import { LOCK_FILE } from '@sketchgrad/train/node';
import type { Command } from 'commander';
import { loadGraph } from '../graphs/load-graph.js';
import { networkFor } from '../graphs/network.js';
import { describeSettings, trainingSettings } from '../options/settings.js';
import { addTrainingOptions, type TrainingOptions } from '../options/training.js';
import { addWaysOptions, type WaysOptions, waysOf } from '../options/ways.js';
import type { TrainResult } from '../runs/result.js';
import { runInFolder } from '../runs/run-in-folder.js';
import { trainNetwork } from '../runs/train-network.js';
import { resultTable, tableRows } from '../tables/result-table.js';

interface TableOptions extends TrainingOptions, WaysOptions {
  readonly seeds: number;
}

/**
 * EXACT as published, the paper's sketches, and ours. Sketches of random entries are in blocks: over
 * all of ogbn-arxiv's nodes at once they would take minutes a step.
 */
const ESTIMATORS = [
  'dense',
  'rmm:gaussian:0.1:block-rows=1024',
  'rmm:rademacher:0.1:block-rows=1024',
  'rmm:count:0.1',
  ...[1, 2, 4, 8].map((bits) => `exact:${bits}`),
  'quantized:1',
  'quantized:2',
  'quantized:4',
].join(',');

/** Declares `table`: estimators beside each other, over several seeds. */
export function addTable(program: Command, interruptions: Interruptions): void {
  const command = program
    .command('table')
    .description('train in several ways and with several seeds, and compare them')
    .option('--seeds <n>', 'runs of each, with the seeds from --seed on', wholeNumber(1, 1000), 3);
  addTrainingOptions(addWaysOptions(command, ESTIMATORS)).action((options: TableOptions) =>
    table(options, interruptions),
  );
}

async function table(options: TableOptions, interruptions: Interruptions): Promise<void> {
  const { out, resume, seed, seeds } = options;
  expectFolder(options, 'table');
  if (seed + seeds > 2 ** 32)
    throw new UsageError(`--seed ${seed} leaves no room for ${seeds} seeds below 2^32`);
  if (resume && out !== undefined && !(await isUntouched(out)) && !(await holdsTable(out)))
    throw nothingToResume(out);
  const output = new Output(options.json);
  const train = () => trainAll(options, interruptions, output);
  const { backend, results } = await (out === undefined
    ? train()
    : inLockedFolder(out, (text) => output.note(text), train));
  const rows = tableRows(results);
  output.result(resultTable(rows), {
    ...{ dataset: options.dataset, model: options.model, backend, seeds },
    ...{ rows, results },
  });
}

/** The results of all ways and seeds, and the backend's name. */
async function trainAll(
  options: TableOptions,
  interruptions: Interruptions,
  output: Output,
): Promise<{ readonly backend: string; readonly results: readonly TrainResult[] }> {
  const { out, estimator: _, ways: __, seeds, ...shared } = options;
  const data = await loadGraph(options, (text) => output.note(text));
  const settings = trainingSettings(options, data, networkFor(options, data));
  output.note(describeSettings(settings, data));
  const backend = await openBackend(options);
  const results: TrainResult[] = [];
  try {
    const signal = interruptions.claim();
    for (let seed = shared.seed; seed < shared.seed + seeds; seed++)
      for (const way of waysOf(options)) {
        const { estimator, everyLayer, recompute } = way;
        const keep = Object.keys(way.keep).length > 0 ? way.keep : undefined;
        const name = formatWay({ ...way, estimator: settleEstimator(estimator, options) });
        output.note(`${name}, seed ${seed}`);
        const folder = out && join(out, folderOf(way, options, seed));
        const run = {
          ...shared,
          estimator,
          everyLayer,
          recompute,
          ...(keep && { keep }),
          seed,
          // Those that the table has not come to begin anew.
          resume: shared.resume && folder !== undefined && (await holdsRun(folder)),
        };
        const context = { backend, data, progress: new Progress('epoch'), signal };
        results.push(
          await (folder === undefined
            ? trainNetwork(run, context)
            : runInFolder(
                folder,
                run,
                output,
                async () => data,
                (place) => trainNetwork(run, { ...context, ...place }),
              )),
        );
      }
    return { backend: backend.name, results };
  } catch (error) {
    throw stoppedBy(error, interruptions, out !== undefined);
  } finally {
    interruptions.release();
    await backend.dispose();
  }
}

/** By what the way computes, so that a finished run is found again however the way is typed. */
function folderOf(way: Way, options: TableOptions, seed: number): string {
  const estimator = byValue(settleEstimator(way.estimator, options));
  return `${formatWay({ ...way, estimator }).replaceAll(/[: =,]/g, '-')}-seed-${seed}`;
}

/** Whether a table has begun in a folder: one of its runs, or the lock of one that was killed. */
async function holdsTable(path: string): Promise<boolean> {
  const names = await namesIn(path);
  if (names.includes(LOCK_FILE)) return true;
  const runs = await Promise.all(names.map((name) => holdsRun(join(path, name))));
  return runs.includes(true);
}
