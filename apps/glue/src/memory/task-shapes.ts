import { batchSource, encodeExamples, glueTask, type Tokenizer } from '@sketchgrad/datasets';
import { hasGlueSplit, readGlue } from '@sketchgrad/datasets/node';
import { dataOrder } from '@sketchgrad/train';

/** The tasks of the paper's figure 8. */
export const MEMORY_TASKS = ['cola', 'mnli', 'mrpc', 'qnli', 'qqp', 'rte', 'sst2', 'stsb'] as const;
export type MemoryTask = (typeof MEMORY_TASKS)[number];

/** How many of a task's batches have which length. */
export interface TaskShapes {
  readonly task: string;
  /** Whose lengths these are: `dev` where there is no `train`. */
  readonly split: 'train' | 'dev';
  readonly batchSize: number;
  /** Batches by their length in tokens. */
  readonly batches: ReadonlyMap<number, number>;
}

/** What batches are made of. */
export interface ShapeOptions {
  readonly batchSize: number;
  /** Longer examples are cut. */
  readonly sequence: number;
  readonly seed: number;
  readonly maxExamples?: number;
}

/**
 * The lengths of the batches of an epoch over a task's training examples, or over its dev examples,
 * which are drawn alike, where the training file is not there.
 */
export async function taskShapes(
  name: MemoryTask,
  data: string,
  tokenizer: Tokenizer,
  { batchSize, sequence, seed, maxExamples }: ShapeOptions,
): Promise<TaskShapes> {
  const split = (await hasGlueSplit(name, 'train', data)) ? 'train' : 'dev';
  const { rows } = await readGlue(name, split, data);
  const examples = { task: glueTask(name), rows: rows.slice(0, maxExamples) };
  const source = batchSource(encodeExamples(examples, tokenizer, { maxLength: sequence }));
  const order = dataOrder(seed, 0, source.length);
  const batches = new Map<number, number>();
  for (let start = 0; start + batchSize <= order.length; start += batchSize) {
    let longest = 0;
    for (const index of order.subarray(start, start + batchSize))
      longest = Math.max(longest, source.sequenceOf(index));
    batches.set(longest, (batches.get(longest) ?? 0) + 1);
  }
  // Fewer examples than a batch has: one batch, of all of them, as long as the longest.
  if (batches.size === 0)
    batches.set(Math.max(...Array.from(order, (index) => source.sequenceOf(index))), 1);
  return { task: name, split, batchSize, batches };
}
