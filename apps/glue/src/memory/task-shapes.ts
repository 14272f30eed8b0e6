import { batchSource, encodeExamples, glueTask, type Tokenizer } from '@sketchgrad/datasets';
import { hasGlueSplit, readGlue } from '@sketchgrad/datasets/node';
import { dataOrder, RowBuckets, TRAINING_SHAPES } from '@sketchgrad/train';

/** The tasks of the paper's figure 8. */
export const MEMORY_TASKS = ['cola', 'mnli', 'mrpc', 'qnli', 'qqp', 'rte', 'sst2', 'stsb'] as const;
export type MemoryTask = (typeof MEMORY_TASKS)[number];

/** How many of a task's batches have which rows. */
export interface TaskShapes {
  readonly task: string;
  /** Whose lengths these are: `dev` where there is no `train`. */
  readonly split: 'train' | 'dev';
  readonly batchSize: number;
  /** Batches by their rows. */
  readonly batches: ReadonlyMap<number, number>;
  /** Tokens of the longest example. */
  readonly longest: number;
}

/** What batches are made of. */
export interface ShapeOptions {
  readonly batchSize: number;
  /** Longer examples are cut. */
  readonly sequence: number;
  /** Tokens that each example is padded to. */
  readonly padTo?: number;
  readonly seed: number;
  readonly maxExamples?: number;
}

/**
 * The rows of the batches of an epoch over a task's training examples, or over its dev examples, which
 * are drawn alike, where the training file is not there: as a run would round them up.
 */
export async function taskShapes(
  name: MemoryTask,
  data: string,
  tokenizer: Tokenizer,
  { batchSize, sequence, padTo, seed, maxExamples }: ShapeOptions,
): Promise<TaskShapes> {
  const split = (await hasGlueSplit(name, 'train', data)) ? 'train' : 'dev';
  const { rows } = await readGlue(name, split, data);
  const examples = { task: glueTask(name), rows: rows.slice(0, maxExamples) };
  const source = batchSource(encodeExamples(examples, tokenizer, { maxLength: sequence }), {
    padTo,
  });
  const order = dataOrder(seed, 0, source.length);
  const lengths = Array.from(order, (index) => source.lengthOf(index));
  // Fewer examples than a batch has: one batch, of all of them.
  const size = Math.min(batchSize, lengths.length);
  const sizes: { readonly examples: number; readonly tokens: number }[] = [];
  for (let start = 0; start + size <= lengths.length; start += size)
    sizes.push({
      examples: size,
      tokens: lengths.slice(start, start + size).reduce((sum, length) => sum + length, 0),
    });
  const buckets = new RowBuckets(sizes, TRAINING_SHAPES);
  const batches = new Map<number, number>();
  for (const { tokens } of sizes) {
    const rows = buckets.rowsFor(tokens);
    batches.set(rows, (batches.get(rows) ?? 0) + 1);
  }
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  return { task: name, split, batchSize, batches, longest };
}
