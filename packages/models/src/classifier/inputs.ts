import { type SentenceBatch, type TensorData, UsageError } from '@sketchgrad/core';
import { architectureOf } from '../architectures/table.js';
import { checkBatch } from '../checks/kinds.js';
import type { EncoderConfig } from '../layers/encoder-config.js';
import { checkSequence } from './forward.js';

/**
 * The graph inputs of a batch. Without labels the graph is given zeros: its predictions hold, its
 * loss does not.
 *
 * @throws UsageError for a sequence over the model's positions, arrays of the wrong length, or ids
 * and labels that the model does not have, each with the value and what is accepted
 */
export function graphInputs(
  config: EncoderConfig,
  batch: SentenceBatch,
): Record<string, TensorData> {
  checkBatch(batch);
  const { rows, tokenIds, tokenTypeIds, starts, attentionMask } = batch;
  for (const [name, array] of Object.entries({ tokenIds, tokenTypeIds, attentionMask }))
    if (array.length !== rows)
      throw new UsageError(`the batch's ${name} has ${array.length} numbers, not ${rows}`);
  checkStarts(config, batch);
  checkIds('token id', tokenIds, config.vocabularySize, batch);
  const hasTypes = config.typeVocabularySize > 0;
  if (hasTypes) checkIds('token type id', tokenTypeIds, config.typeVocabularySize, batch);
  return {
    tokenIds,
    ...(hasTypes && { tokenTypeIds }),
    positionIds: architectureOf(config).positions.rows(config, tokenIds, starts),
    starts,
    attentionMask,
    labels: checkedLabels(config, batch),
  };
}

/** An example of a batch, as the caller knows it: a shuffled batch's places tell nobody anything. */
const exampleOf = ({ indices }: SentenceBatch, place: number): string =>
  indices?.[place] === undefined
    ? `example ${place} of the batch`
    : `row ${indices[place]} of the data`;

function checkStarts(config: EncoderConfig, batch: SentenceBatch): void {
  const { batchSize, rows, longest, starts } = batch;
  if (starts.length !== batchSize + 1)
    throw new UsageError(`the batch's starts have ${starts.length} numbers, not ${batchSize} + 1`);
  if (starts[0] !== 0 || starts[batchSize]! > rows)
    throw new UsageError(
      `the batch's starts go from ${starts[0]} to ${starts[batchSize]}; they must begin at 0 and end at ${rows} at most`,
    );
  for (let example = 0; example < batchSize; example++) {
    const length = starts[example + 1]! - starts[example]!;
    if (length < 1 || length > longest)
      throw new UsageError(
        `${exampleOf(batch, example)} has ${length} tokens; accepted: 1 to ${longest}, the batch's longest`,
      );
    checkSequence(config, length);
  }
}

function checkIds(what: string, ids: Int32Array, count: number, batch: SentenceBatch): void {
  const wrong = ids.findIndex((id) => id < 0 || id >= count);
  if (wrong < 0) return;
  const { starts, batchSize } = batch;
  const example = starts.findIndex((start) => start > wrong) - 1;
  const where =
    example < 0 || example >= batchSize
      ? `in row ${wrong}, behind the last example,`
      : `at position ${wrong - starts[example]!} of ${exampleOf(batch, example)}`;
  throw new UsageError(
    `${what} ${ids[wrong]} ${where} is not one of the model's; accepted: 0 to ${count - 1}`,
  );
}

function checkedLabels(config: EncoderConfig, batch: SentenceBatch): TensorData {
  const { batchSize, labels } = batch;
  const isRegression = config.problemType === 'regression';
  if (!labels) return isRegression ? new Float32Array(batchSize) : new Int32Array(batchSize);
  if (labels.length !== batchSize)
    throw new UsageError(`a batch of ${batchSize} examples has ${labels.length} labels`);
  checkLabels(config, labels, (place) => exampleOf(batch, place));
  return isRegression ? Float32Array.from(labels) : Int32Array.from(labels);
}

/**
 * @param exampleOf says which example a place is of
 * @throws UsageError for a label that is no class of the model, or for regression no finite number
 */
export function checkLabels(
  { problemType, labels: names }: EncoderConfig,
  labels: Int32Array | Float32Array,
  exampleOf: (place: number) => string,
): void {
  const isRegression = problemType === 'regression';
  const isAccepted = isRegression
    ? (label: number) => Number.isFinite(label)
    : (label: number) => Number.isInteger(label) && label >= 0 && label < names.length;
  const wrong = labels.findIndex((label) => !isAccepted(label));
  if (wrong >= 0)
    throw new UsageError(
      `label ${labels[wrong]} of ${exampleOf(wrong)} is not one of the model's; ` +
        `accepted: ${isRegression ? 'finite numbers' : `whole numbers from 0 to ${names.length - 1}`}`,
    );
}
