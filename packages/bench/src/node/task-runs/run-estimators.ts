import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EncoderClassifier } from '@sketchgrad/models';
import type { FineTuneOptions, TrainingRun } from '@sketchgrad/train';
import {
  type EstimatorReport,
  layersOfEstimator,
  reportChosen,
} from '../../estimators/linear-layers.js';
import { residentMemory } from '../runs/memory.js';
import { budgetOption } from './budget-option.js';
import { CHOICE_FILE, readChoice, writeChoice } from './choice-file.js';
import { choiceTable } from './choice-table.js';
import type { TaskRunSettings } from './settings.js';
import type { TaskContext } from './train-on-task.js';

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
  options: TaskRunSettings,
  model: EncoderClassifier,
  { progress, folder, resume = false }: TaskContext,
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
