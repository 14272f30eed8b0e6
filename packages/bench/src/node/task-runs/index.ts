export { readChoice } from './choice-file.js';
export { choiceTable } from './choice-table.js';
export { TASK_RUN_DECIDES } from './decides.js';
export { fineTuneOnTask } from './fine-tune-on-task.js';
export { orSayWhatFits } from './fitting-batch.js';
export { orSayWhatAccumulates } from './fitting-pieces.js';
export { readTraining } from './read-training.js';
export { formatMetrics, formatTaskResult, type TaskRunResult } from './result.js';
export {
  type BudgetSettings,
  type ModelSettings,
  TASK_DEFAULTS,
  TASKS,
  type TaskRunSettings,
  type TaskSettings,
} from './settings.js';
