import { decidingNumbers, type Output, RunFolder } from '@sketchgrad/bench/command-line';
import { loadBackend } from '@sketchgrad/core';
import { TRAINING_DECIDES } from '../options/decides.js';
import { backendOptions } from '../options/shared.js';
import type { TrainResult } from './result.js';
import type { RunContext, RunOptions } from './train-network.js';

/** Where a run in a folder keeps its checkpoints, and whether it continues from them. */
type InFolder = Required<Pick<RunContext, 'checkpoints' | 'resume'>>;

/**
 * Trains in a folder of the run's own, which has its checkpoints and at the end its result. With
 * `resume` a finished run's result is read, and one that was stopped goes on.
 *
 * @throws UsageError where another run has the folder, there is a run already and it is not to be
 * resumed, or one with other settings; what `train` throws
 */
export async function runInFolder(
  path: string,
  options: RunOptions,
  output: Output,
  train: (run: InFolder) => Promise<TrainResult>,
): Promise<TrainResult> {
  const folder = new RunFolder<Partial<RunOptions>, TrainResult>(path);
  const { resume } = options;
  const backend = await loadBackend(options.backend, backendOptions(options));
  await backend.dispose();
  return folder.run(
    {
      settings: decidingNumbers(options, TRAINING_DECIDES, backend.settings),
      resume,
      note: (text) => output.note(text),
    },
    (resume) => train({ checkpoints: folder.checkpoints, resume }),
  );
}
