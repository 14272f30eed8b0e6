import { type Interruptions, Output, Progress, stoppedBy } from '@sketchgrad/bench/command-line';
import { expectFolder, type Inputs, RunFolder, withInputs } from '@sketchgrad/bench/node';
import { UsageError } from '@sketchgrad/core';
import type { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { CHOICE_FILE } from '../budgets/choice-file.js';
import { addFinetuneOptions, type FinetuneOptions } from '../options/finetune.js';
import { finetuneSettings } from '../runs/finetune-settings.js';
import { type FinetuneResult, formatResult } from '../runs/result.js';
import { runInputs } from '../runs/run-inputs.js';
import { type RunContext, trainOnTask } from '../runs/train-on-task.js';
import { readTaskData, type TaskData } from '../tasks/task-data.js';

/** Declares `finetune`: trains a model on a task. */
export function addFinetune(program: Command, interruptions: Interruptions): void {
  const command = program
    .command('finetune')
    .description('fine-tune an encoder on WordNet or a GLUE task');
  addFinetuneOptions(command).action((options: FinetuneOptions) =>
    finetune(options, interruptions),
  );
}

async function finetune(options: FinetuneOptions, interruptions: Interruptions): Promise<void> {
  const output = new Output(options.json);
  expectFolder(options);
  if (options.out === undefined) {
    if (options.task === 'ax')
      throw new UsageError(
        'the task ax needs --out: the official diagnostic set has no labels, so that there are predictions to write, not scores to tell',
      );
  }
  const progress = new Progress('step');
  const train = (run: Pick<RunContext, 'folder' | 'resume' | 'task' | 'inputs'> = {}) =>
    trainOnTask(options, {
      progress,
      claimSignal: () => interruptions.claim(),
      ...run,
    });
  try {
    if (options.out === undefined) {
      const result = await train();
      output.result(formatResult(result), result);
      return;
    }
    const folder = new RunFolder<FinetuneResult>(options.out, [CHOICE_FILE]);
    const { resume, model, data, choice } = options;
    const note = (text: string) => output.note(text);
    let task: TaskData;
    let inputs: Inputs;
    const settings = async () => {
      task = await readTaskData(options, (text) => progress.note(text));
      inputs = await runInputs(options, task);
      return withInputs(await finetuneSettings(options), inputs);
    };
    const result = await folder.run(
      { settings, places: { model, data, choice }, version: manifest.version, resume, note },
      (resume) => train({ folder, resume, task, inputs }),
    );
    output.result(formatResult(result), result);
    output.note(`the model is in ${folder.path}`);
  } catch (error) {
    throw stoppedBy(error, interruptions, options.out !== undefined);
  } finally {
    interruptions.release();
  }
}
