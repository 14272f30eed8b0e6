import { refuseUnused } from '@sketchgrad/bench/command-line';
import { TASK_DEFAULTS, TASKS, type TaskSettings } from '@sketchgrad/bench/node';
import { glueTaskNames } from '@sketchgrad/datasets';
import { type Command, Option } from 'commander';

/**
 * Declares them.
 * @param use what the task is for
 */
export const addTaskOptions = (
  command: Command,
  use: string,
  usual: TaskSettings['task'] = TASK_DEFAULTS.task,
): Command =>
  command
    .addOption(new Option('--task <name>', use).choices(TASKS).default(usual))
    .option('--data <dir>', "GLUE's folder, or the task's own; wordnet needs none")
    .option(
      '--download',
      'fetch the task into --data where it is not there',
      TASK_DEFAULTS.download,
    )
    .hook('preAction', (declared) => {
      if (declared.opts<TaskSettings>().task === 'wordnet')
        refuseUnused(
          declared,
          ['data', 'download'],
          `with the task wordnet, whose glosses come with the package: for data of GLUE add --task, one of ${glueTaskNames.join(', ')}`,
        );
    });
