import { checkCount, checkFunction, checkMembers, type ObjectKind } from '@sketchgrad/core';

const MODEL: ObjectKind = {
  accepted: 'a model to train, such as await loadClassifier(name) gives',
  members: { parameters: 'array', build: 'function', initialize: 'function' },
};

const SENTENCE_MODEL: ObjectKind = {
  ...MODEL,
  members: { ...MODEL.members, inputs: 'function' },
};

const NODE_MODEL: ObjectKind = {
  accepted: 'a network for graphs, such as new GraphNetwork(config)',
  members: { ...MODEL.members, statistics: 'array', batch: 'function', widen: 'function' },
};

const DATA: ObjectKind = {
  accepted:
    'data with length, batch(indices) and lengthOf(index), such as tokenize(rows, tokenizer, { maxLength }) gives',
  members: { length: 'number', batch: 'function', lengthOf: 'function' },
};

const SCHEDULE: ObjectKind = {
  accepted:
    "a schedule, such as linearSchedule() gives, or { name: 'mine', factor: (step, totalSteps) => 1 }",
  members: { name: 'string', factor: 'function' },
};

const SIGNAL: ObjectKind = {
  accepted: "an AbortController's signal",
  members: { aborted: 'boolean', addEventListener: 'function' },
};

/** @throws UsageError for what cannot be trained */
export const checkModel = (value: unknown): void => checkMembers('the model', value, MODEL);

/** @throws UsageError for what takes no sentences */
export const checkSentenceModel = (value: unknown): void =>
  checkMembers('the model', value, SENTENCE_MODEL);

/** @throws UsageError for what is no network for graphs */
export const checkNodeModel = (value: unknown): void =>
  checkMembers('the model', value, NODE_MODEL);

/** @throws UsageError for what are no sizes of a step */
export function checkShape(shape: object): void {
  checkMembers('shape', shape, { accepted: 'sizes, { batchSize: 32, … }', members: {} });
  for (const [name, size] of Object.entries(shape))
    if (typeof size !== 'boolean') checkCount(name, size);
}

/** @throws UsageError for what gives no batches of examples */
export const checkData = (name: string, value: unknown): void => checkMembers(name, value, DATA);

/** @throws UsageError for what is no schedule, or is not undefined */
export function checkSchedule(value: unknown): void {
  if (value !== undefined) checkMembers('schedule', value, SCHEDULE);
}

/** @throws UsageError for what is neither a signal nor undefined */
export function checkSignal(value: unknown): void {
  if (value !== undefined) checkMembers('signal', value, SIGNAL);
}

/** @throws UsageError for what does not name what a run's numbers depend on, and is not undefined */
export function checkInputs(value: unknown): void {
  if (value !== undefined)
    checkMembers('inputs', value, {
      accepted: "what the numbers depend on by name, { weights: 'sha256 of a file' }",
      members: {},
    });
}

/** @throws UsageError for one of them that is neither a function nor undefined */
export function checkCallbacks(callbacks: Readonly<Record<string, unknown>>): void {
  for (const [name, callback] of Object.entries(callbacks)) checkFunction(name, callback);
}
