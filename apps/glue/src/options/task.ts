import { refuseUnused } from '@sketchgrad/bench/command-line';
import { glueTaskNames } from '@sketchgrad/datasets';
import { type Command, Option } from 'commander';

/** Names of the tasks that can be trained on. */
export const TASKS = ['wordnet', ...glueTaskNames] as const;

/** Which task, and where it is read from. */
export interface TaskOptions {
  readonly task: (typeof TASKS)[number];
  /** GLUE's folder. */
  readonly data?: string;
  readonly download: boolean;
}

/**
 * Declares them.
 * @param use what the task is for
 */
export const addTaskOptions = (
  command: Command,
  use: string,
  usual: TaskOptions['task'] = 'wordnet',
): Command =>
  command
    .addOption(new Option('--task <name>', use).choices(TASKS).default(usual))
    .option('--data <dir>', "GLUE's folder, or the task's own; wordnet needs none")
    .option('--download', 'fetch the task into --data where it is not there', false)
    .hook('preAction', (declared) => {
      if (declared.opts<TaskOptions>().task === 'wordnet')
        refuseUnused(
          declared,
          ['data', 'download'],
          `with the task wordnet, whose glosses come with the package: for data of GLUE add --task, one of ${glueTaskNames.join(', ')}`,
        );
    });
