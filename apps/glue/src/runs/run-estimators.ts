import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type EstimatorReport, layersOfEstimator, reportChosen } from '@sketchgrad/bench';
import { residentMemory } from '@sketchgrad/bench/node';
import type { EncoderClassifier } from '@sketchgrad/models';
import type { FineTuneOptions, TrainingRun } from '@sketchgrad/train';
import { CHOICE_FILE, readChoice, writeChoice } from '../budgets/choice-file.js';
import { choiceTable } from '../budgets/choice-table.js';
import { budgetOption } from '../options/budget.js';
import type { FinetuneOptions } from '../options/finetune.js';
import type { RunContext } from './train-on-task.js';

/** How a run's linear layers keep their inputs: given, or chosen by a budget. */
export interface RunEstimators {
  readonly options: Partial<FineTuneOptions>;
  /** What to tell of it once the run is there. */
  report(run: TrainingRun): EstimatorReport;
}

/**
 * The estimators of a run: those of `--choice`, those that its own budget chose before it was
 * stopped, those that a budget chooses now, which is printed and left in the folder, or `--estimator`.
 */
export async function runEstimators(
  options: FinetuneOptions,
  model: EncoderClassifier,
  { progress, folder, resume = false }: RunContext,
): Promise<RunEstimators> {
  const budget = budgetOption(options);
  const hasBudget = Object.keys(budget).length > 0;
  const file = folder && join(folder.path, CHOICE_FILE);
  const before = hasBudget && resume && file && existsSync(file) ? file : options.choice;
  if (before !== undefined) {
    const { option, report } = await readChoice(before, model);
    return { options: option, report: () => report };
  }
  if (!hasBudget) {
    const { option, report } = layersOfEstimator(options.estimator, model, options);
    return { options: option, report: () => report };
  }
  progress.count('choosing estimators');
  return {
    options: {
      ...budget,
      onSearch: ({ stage, done, total }) => {
        progress.show(done, total, `${stage}  ${residentMemory()}`);
        if (done === total) progress.count('step');
      },
      onChoice: async (choice) => {
        progress.note(choiceTable(choice));
        if (file) await writeChoice(file, choice);
      },
    },
    report: ({ choice }) => reportChosen(choice!.layers),
  };
}
