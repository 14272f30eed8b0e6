import {
  checkCount,
  checkFunction,
  checkMembers,
  checkOptions,
  checkText,
  type ObjectKind,
} from '@sketchgrad/core';
import type { StepShape } from '../model.js';
import type { NodeShape } from '../nodes/model.js';

const MODEL: ObjectKind = {
  accepted: 'a model to train, such as await loadClassifier(name) gives',
  members: { parameters: 'array', build: 'function', inputs: 'function', initialize: 'function' },
};

const NODE_MODEL: ObjectKind = {
  accepted: 'a network for graphs, such as new GraphNetwork(config)',
  members: {
    ...{ parameters: 'array', statistics: 'array', build: 'function' },
    ...{ batch: 'function', initialize: 'function' },
  },
};

const DATA: ObjectKind = {
  accepted:
    'data with length and batch(indices), such as tokenize(rows, tokenizer, { maxLength }) gives',
  members: { length: 'number', batch: 'function' },
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

/** @throws UsageError for what is no network for graphs */
export const checkNodeModel = (value: unknown): void =>
  checkMembers('the model', value, NODE_MODEL);

/** @throws UsageError for what are no sizes of a batch */
export function checkShape(shape: StepShape): void {
  checkMembers('shape', shape, { accepted: 'sizes, { batchSize, sequence }', members: {} });
  checkCount('batchSize', shape.batchSize);
  checkCount('sequence', shape.sequence);
}

/** @throws UsageError for what are no sizes of a pass over a graph */
export function checkNodeShape(shape: NodeShape): void {
  checkMembers('shape', shape, { accepted: 'sizes, { nodes, entries, rows }', members: {} });
  checkCount('nodes', shape.nodes);
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

/** Checks where checkpoints are to be. @throws UsageError for what is no place */
export function checkCheckpoint<Options extends { readonly directory: string }>(
  value: Options,
  names: { readonly [Name in keyof Required<Options>]: true },
): void {
  checkOptions('checkpoint', value, names);
  checkText("checkpoint's directory", value.directory);
}

/** @throws UsageError for one of them that is neither a function nor undefined */
export function checkCallbacks(callbacks: Readonly<Record<string, unknown>>): void {
  for (const [name, callback] of Object.entries(callbacks)) checkFunction(name, callback);
}
