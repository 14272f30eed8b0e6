import { checkOptions, UsageError } from '@sketchgrad/core';
import manifest from '../../../package.json' with { type: 'json' };
import { checkContext, type RunContext, type RunProgress, SILENT } from '../runs/context.js';
import { type Inputs, withInputs } from '../runs/digests.js';
import { expectFolder } from '../runs/expect-folder.js';
import { RunFolder } from '../runs/run-folder.js';
import { CHOICE_FILE } from './choice-file.js';
import { TASK_RUN_DECIDES } from './decides.js';
import type { TaskRunResult } from './result.js';
import { runInputs } from './run-inputs.js';
import { taskRunSettings } from './run-settings.js';
import { TASK_DEFAULTS, type TaskRunSettings } from './settings.js';
import { readTaskData, type TaskData } from './task-data.js';
import { type TaskContext, trainOnTask } from './train-on-task.js';

/**
 * Trains a model on a task, as the command `finetune` does: reads task and model, chooses estimators where
 * there is a budget, trains, scores, and with a folder keeps checkpoints there, then the model and the result.
 *
 * @param settings as usual where they are not given, see {@link TASK_DEFAULTS}
 * @throws UsageError for settings that there are not, that do not go together, or a folder that has another
 * run; DataError for files that are wrong; InterruptedError where the signal was aborted
 */
export async function fineTuneOnTask(
  settings: Partial<TaskRunSettings>,
  context: RunContext = {},
): Promise<TaskRunResult> {
  checkContext(context);
  const { progress = SILENT, claimSignal } = context;
  checkOptions('fineTuneOnTask', settings, KNOWN);
  const options = { ...TASK_DEFAULTS, estimator: { estimator: 'dense' }, ...settings } as const;
  checkTogether(options);
  const train = (run: Placed = {}) =>
    trainOnTask(options, { progress, ...(claimSignal && { claimSignal }), ...run });
  return options.out === undefined ? train() : inFolder(options.out, options, progress, train);
}

const KNOWN = Object.fromEntries(Object.keys(TASK_RUN_DECIDES).map((name) => [name, true])) as {
  readonly [Name in keyof TaskRunSettings]-?: true;
};

function checkTogether(settings: TaskRunSettings): void {
  expectFolder(settings);
  if (settings.out === undefined && settings.task === 'ax')
    throw new UsageError(
      'the task ax needs --out: the official diagnostic set has no labels, so that there are predictions to write, not scores to tell',
    );
  const { choice, memoryBudget, noiseBudget, everyLayer } = settings;
  const chosen = Object.entries({ choice, memoryBudget, noiseBudget }).filter(
    ([, value]) => value !== undefined,
  );
  if (chosen.length > 1 || (chosen.length > 0 && everyLayer))
    throw new UsageError(
      `${[...chosen.map(([name]) => name), ...(everyLayer ? ['everyLayer'] : [])].join(' and ')} exclude each other: each says what estimators layers have`,
    );
}

type Placed = Pick<TaskContext, 'folder' | 'resume' | 'task' | 'inputs'>;

async function inFolder(
  out: string,
  options: TaskRunSettings,
  progress: RunProgress,
  train: (run: Placed) => Promise<TaskRunResult>,
): Promise<TaskRunResult> {
  const folder = new RunFolder<TaskRunResult>(out, [CHOICE_FILE]);
  const { resume, model, data, choice } = options;
  const note = (text: string) => progress.note(text);
  let task: TaskData;
  let inputs: Inputs;
  const settings = async () => {
    task = await readTaskData(options, note);
    inputs = await runInputs(options, task);
    return withInputs(await taskRunSettings(options), inputs);
  };
  return folder.run(
    { settings, places: { model, data, choice }, version: manifest.version, resume, note },
    (resume) => train({ folder, resume, task, inputs }),
  );
}
