import {
  checkCount,
  checkMembers,
  describeValue,
  type ObjectKind,
  type SentenceBatch,
  UsageError,
} from '@sketchgrad/core';
import { checkData } from '../checks/kinds.js';
import type { TrainableModel, TrainingData } from './model.js';

const BATCH: ObjectKind = {
  accepted:
    'a batch, { batchSize, rows, longest, tokenIds, tokenTypeIds, starts, attentionMask, labels }',
  members: {
    ...{ batchSize: 'number', rows: 'number', longest: 'number' },
    ...{ tokenIds: 'object', tokenTypeIds: 'object', starts: 'object', attentionMask: 'object' },
  },
};

/**
 * Examples that a caller brings, each batch of which is checked when it is made: everything behind takes
 * its sizes at their word.
 *
 * @param name what the data is, for messages
 * @throws UsageError for what gives no batches of examples, or has none; what is returned throws it for
 * a batch that is none, or of other sizes than were asked for
 */
export function checkedData(name: string, data: TrainingData): TrainingData {
  checkData(name, data);
  if (!Number.isSafeInteger(data.length) || data.length < 0)
    throw new UsageError(
      `${name}'s length must be how many examples there are, but it is ${describeValue(data.length)}`,
    );
  if (data.length < 1) throw new UsageError(`${name} is empty; it needs at least one example`);
  const { length, labels } = data;
  if (labels !== undefined && labels !== null && !(isLabels(labels) && labels.length === length))
    throw new UsageError(
      `${name}'s labels must be an Int32Array or a Float32Array of ${length}, null or nothing, but they are ${shown(labels)}`,
    );
  return {
    length,
    ...(labels === undefined ? {} : { labels }),
    batch(indices) {
      const batch = data.batch(indices);
      checkBatch(`what ${name}'s batch() gives`, batch, indices.length);
      return batch;
    },
    lengthOf(index) {
      const tokens = data.lengthOf(index);
      checkCount(`what ${name}'s lengthOf(${index}) gives`, tokens);
      return tokens;
    },
  };
}

/** @throws UsageError for what is no batch of so many examples */
function checkBatch(name: string, batch: SentenceBatch, examples: number): void {
  checkMembers(name, batch, BATCH);
  const { batchSize, rows, longest, tokenIds, tokenTypeIds, starts, attentionMask, labels } = batch;
  if (batchSize !== examples)
    throw new UsageError(
      `${name} must have the batchSize ${examples}, as many examples as it is asked for, but it has ${describeValue(batchSize)}`,
    );
  checkCount(`${name} as its rows`, rows);
  checkCount(`${name} as its longest`, longest);
  const lengths = { tokenIds: rows, tokenTypeIds: rows, attentionMask: rows };
  const arrays = { tokenIds, tokenTypeIds, attentionMask, starts };
  for (const [member, length] of Object.entries({ ...lengths, starts: batchSize + 1 })) {
    const array = arrays[member as keyof typeof arrays] as unknown;
    if (!(array instanceof Int32Array) || array.length !== length)
      throw wrong(name, member, `an Int32Array of ${length}`, array);
  }
  checkStarts(name, batch);
  if (labels === undefined) return;
  if (!isLabels(labels)) throw wrong(name, 'labels', 'an Int32Array or a Float32Array', labels);
  if (labels.length !== batchSize) throw wrong(name, 'labels', `${batchSize} of them`, labels);
}

/** @throws UsageError unless they rise from 0 to `rows` at most, by not more than `longest` each */
function checkStarts(name: string, { rows, longest, starts }: SentenceBatch): void {
  const [first, end] = [starts[0]!, starts.at(-1)!];
  if (first !== 0 || end > rows)
    throw new UsageError(
      `${name} must have starts from 0 to ${rows} at most, as many as its rows, but they go from ${first} to ${end}`,
    );
  for (let example = 0; example + 1 < starts.length; example++) {
    const length = starts[example + 1]! - starts[example]!;
    if (length < 1 || length > longest)
      throw new UsageError(
        `${name} must have 1 to ${longest} tokens in each example, as many as its longest, but by its starts example ${example} has ${length}`,
      );
  }
}

const isLabels = (value: unknown): value is Int32Array | Float32Array =>
  value instanceof Int32Array || value instanceof Float32Array;

const wrong = (name: string, member: string, accepted: string, value: unknown): UsageError =>
  new UsageError(`${name} must have as its ${member} ${accepted}, but they are ${shown(value)}`);

const shown = (value: unknown): string =>
  describeValue(value) + (ArrayBuffer.isView(value) ? ` of ${(value as Int32Array).length}` : '');

/**
 * Looks at all labels before anything is computed, where the data tells them.
 *
 * @throws UsageError for data without labels, or with one that the model cannot learn or be judged by
 */
export function expectLabels(name: string, data: TrainingData, model: TrainableModel): void {
  if (data.labels === null) throw new UsageError(`${name} has no labels`);
  if (data.labels !== undefined) model.checkLabels?.(data.labels);
}
