import { type Interruptions, Output, Progress, stoppedBy } from '@sketchgrad/bench/command-line';
import { fineTuneOnTask, formatTaskResult } from '@sketchgrad/bench/node';
import type { Command } from 'commander';
import { addFinetuneOptions, type FinetuneOptions } from '../options/finetune.js';

/** Declares `finetune`: trains a model on a task. */
export function addFinetune(program: Command, interruptions: Interruptions): void {
  const command = program
    .command('finetune')
    .description('fine-tune an encoder on WordNet or a GLUE task');
  addFinetuneOptions(command).action((options: FinetuneOptions) =>
    finetune(options, interruptions),
  );
}

async function finetune(
  { json, ...settings }: FinetuneOptions,
  interruptions: Interruptions,
): Promise<void> {
  const output = new Output(json);
  const { out } = settings;
  try {
    const result = await fineTuneOnTask(settings, {
      progress: new Progress('step'),
      claimSignal: () => interruptions.claim(),
    });
    output.result(formatTaskResult(result), result);
    if (out !== undefined) output.note(`the model is in ${out}`);
  } catch (error) {
    throw stoppedBy(error, interruptions, out !== undefined);
  } finally {
    interruptions.release();
  }
}
