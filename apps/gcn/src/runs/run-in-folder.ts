import { type Output, RunFolder } from '@sketchgrad/bench/command-line';
import type { TrainResult } from './result.js';
import { type RunContext, type RunOptions, trainNetwork } from './train-network.js';

/** The options that a run's numbers depend on. */
function settingsOf(options: RunOptions): Partial<RunOptions> {
  const { json, out, resume, download, data, threads, saveEvery, recompute, ...settings } = options;
  return settings;
}

/**
 * Trains in a folder of the run's own, which has its checkpoints and at the end its result. With
 * `resume` a finished run's result is read, and one that was stopped goes on.
 *
 * @throws UsageError where there is a run already and it is not to be resumed, or one with other
 * settings; what `trainNetwork` throws
 */
export async function runInFolder(
  path: string,
  options: RunOptions,
  context: Omit<RunContext, 'checkpoints' | 'resume'>,
  output: Output,
): Promise<TrainResult> {
  const folder = new RunFolder<Partial<RunOptions>, TrainResult>(path);
  const settings = settingsOf(options);
  if (!options.resume) folder.checkUnused();
  const finished = options.resume && (await folder.finished(settings));
  if (finished) {
    output.note(`the run in ${path} is finished`);
    await folder.removeCheckpoints();
    return finished;
  }
  const resume = options.resume && (await folder.hasCheckpoints());
  const result = await trainNetwork(options, {
    ...context,
    checkpoints: folder.checkpoints,
    resume,
  });
  await folder.finish(settings, result);
  return result;
}
