import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openBackend } from '@sketchgrad/bench';
import {
  addSeedAndJson,
  isGiven,
  Output,
  refuseUnused,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import { comparisonTable } from '@sketchgrad/bench/node';
import { formatBytes, nearName, sentenceShape, UsageError } from '@sketchgrad/core';
import { glueTask } from '@sketchgrad/datasets';
import { loadTokenizer } from '@sketchgrad/datasets/node';
import type { LastLayer } from '@sketchgrad/models';
import { loadClassifier } from '@sketchgrad/models/node';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type MemoryRow, memoryRows } from '../memory/measure.js';
import { memoryWays } from '../memory/settings.js';
import { MEMORY_TASKS, type MemoryTask, taskShapes } from '../memory/task-shapes.js';
import { addPadToOption, lastLayerOption } from '../options/shared.js';

interface MemoryOptions {
  readonly model: string;
  readonly data?: string;
  readonly tasks: readonly MemoryTask[];
  readonly tokenizer: string;
  readonly backend: string;
  readonly batchSize: number;
  readonly sequence: number;
  readonly padTo?: number;
  readonly lastLayer: LastLayer;
  readonly maxExamples?: number;
  readonly seed: number;
  readonly json: boolean;
}

/** Declares `memory`: the paper's figure 8. */
export function addMemory(program: Command): void {
  const command = program
    .command('memory')
    .description(
      'plan the memory of training steps at the lengths of GLUE tasks and at one length, dense, ' +
        'sketched and with our own settings: figure 8 of arXiv 2201.13195. Nothing is allocated',
    )
    .option('--model <name>', 'minilm, roberta-base, bert-base, or a model folder', 'roberta-base')
    .addOption(lastLayerOption())
    .option('--data <dir>', "GLUE's folder; without it there is one length only")
    .addOption(
      new Option('--tasks <names>', 'tasks of it, with commas')
        .argParser(taskList)
        .default([...MEMORY_TASKS], MEMORY_TASKS.join(',')),
    )
    .option(
      '--tokenizer <name>',
      "minilm, or a folder with the model's tokenizer: whose tokens count",
      'minilm',
    )
    .option(
      '--backend <name>',
      'what would compute: cpu, webgpu, tfjs:PLATFORM, reference, or a package',
      'cpu',
    )
    .option('--batch-size <n>', 'examples in a step', wholeNumber(1), 128)
    .option('--sequence <n>', 'tokens in an example, at most', wholeNumber(1), 128)
    .option('--max-examples <n>', 'of each task (default: all)', wholeNumber(1))
    .hook('preAction', (declared) => {
      if (declared.opts<{ data?: string }>().data === undefined)
        refuseUnused(
          declared,
          ['tasks', 'tokenizer', 'maxExamples', 'seed', 'padTo'],
          "without --data: GLUE's folder",
        );
    });
  addSeedAndJson(addPadToOption(command), 'of the order of examples').action(memory);
}

function taskList(text: string): MemoryTask[] {
  const tasks = text.split(',').map((name) => {
    const task = MEMORY_TASKS.find((known) => known === name.trim());
    if (task) return task;
    throw new InvalidArgumentError(
      `'${name}' is none of ${MEMORY_TASKS.join(', ')}${nearName(name, MEMORY_TASKS)}.`,
    );
  });
  const repeated = tasks.find((task, index) => tasks.indexOf(task) !== index);
  if (repeated === undefined) return tasks;
  throw new InvalidArgumentError(`Each task may come once, but '${repeated}' comes twice.`);
}

/**
 * @param areNamed whether the tasks were asked for one by one: a folder need not have all of GLUE, but has
 * to have those
 * @throws UsageError where what was asked for is not there to be read
 */
function checkData(data: string, tasks: readonly MemoryTask[], areNamed: boolean): void {
  if (!existsSync(data)) throw new UsageError(`there is no folder ${data}: --data takes GLUE's`);
  const missing = tasks.filter((task) => !existsSync(join(data, glueTask(task).folder)));
  const folders = missing.map((task) => glueTask(task).folder).join(', ');
  if (missing.length === tasks.length)
    throw new UsageError(
      `${data} has no ${folders}: --data takes GLUE's folder, with those of its tasks in it`,
    );
  if (areNamed && missing.length > 0)
    throw new UsageError(`${data} has no ${folders}: leave ${missing.join(', ')} out of --tasks`);
}

async function memory(options: MemoryOptions, command: Command): Promise<void> {
  const output = new Output(options.json);
  const { batchSize, sequence, data } = options;
  if (data !== undefined) checkData(data, options.tasks, isGiven(command, 'tasks'));
  const backend = await openBackend(options);
  try {
    const model = await loadClassifier(options.model, {
      ...{ randomWeights: true, lastLayer: options.lastLayer },
    });
    const ways = memoryWays();
    const note = (text: string) => output.note(text);
    const rows: MemoryRow[] = [];
    for (const task of data === undefined ? [] : options.tasks) {
      const { folder } = glueTask(task);
      // A folder need not have all of GLUE.
      if (!existsSync(join(data!, folder))) {
        output.note(`${task} is left out: there is no ${folder} in ${data}`);
        continue;
      }
      output.note(`${task} …`);
      const tokenizer = await loadTokenizer(
        options.tokenizer === 'minilm'
          ? (await loadClassifier('minilm', { randomWeights: true })).tokenizerPath
          : options.tokenizer,
      );
      const shapes = await taskShapes(task, data!, tokenizer, options);
      if (shapes.split === 'dev')
        output.note(
          `${task} has no training examples in ${data}: lengths are those of its dev set`,
        );
      rows.push(...memoryRows(model, backend, ways, shapes, note));
    }
    const { rows: most, longest } = sentenceShape(batchSize, sequence);
    const oneLength = {
      task: null,
      split: null,
      batchSize,
      batches: new Map([[most, 1]]),
      longest,
    };
    rows.push(...memoryRows(model, backend, ways, oneLength, note));
    output.result(
      `${options.model}, backend ${backend.name}, ratios to dense with nothing recomputed\n${memoryTable(rows)}`,
      { model: options.model, backend: backend.name, tokenizer: options.tokenizer, rows },
    );
  } finally {
    await backend.dispose();
  }
}

/** For people, with ratios to the first way. */
export const memoryTable = (rows: readonly MemoryRow[]): string =>
  comparisonTable(rows, [
    {
      title: 'batches',
      text: ({ task, batchSize, rows }) => `${task ?? ''} ${batchSize} of ${rows} rows`.trim(),
    },
    {
      title: 'way',
      text: ({ way }) => way,
    },
    {
      title: 'kept',
      text: ({ keptBytes, keptRatio }) => `${formatBytes(keptBytes)}  ${keptRatio.toFixed(2)} ×`,
    },
    { title: 'on average', text: ({ meanKeptBytes }) => formatBytes(meanKeptBytes) },
    {
      title: 'peak',
      text: ({ peakBytes, peakRatio }) => `${formatBytes(peakBytes)}  ${peakRatio.toFixed(2)} ×`,
    },
    { title: 'extra GFLOP', text: ({ extraFlops: flops }) => (flops / 1e9).toFixed(1) },
  ]);
