import { checkMembers, checkText } from '../checks/check-members.js';
import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';

/** The graph input from which a training step draws, (seed, step), i32 [2]. */
export const KEY_INPUT = 'key';

/** The graph input with what an update is made by, f32 [8]: see `adamwSettings` of `@sketchgrad/train`. */
export const SETTINGS_INPUT = 'settings';

/** What the names of these inputs begin with. */
const PREFIX = 'rowPriorities.';

/**
 * The graph input through which a layer's estimator is handed its guess of ‖y_i‖² for each row of
 * the batch, f32 [rows]: norms cached from the epoch before, or averages by position.
 */
export function priorityInput(layer: string): string {
  checkText('the name of a layer', layer);
  return PREFIX + layer;
}

/** The graph output in which that layer's ‖y_i‖² come back, f32 [rows], to guess the next ones by. */
export function rowNormOutput(layer: string): string {
  checkText('the name of a layer', layer);
  return `rowNorms.${layer}`;
}

/**
 * The layers of a graph that are handed priorities, by the names of its inputs.
 * @throws UsageError for what are no inputs
 */
export function rankedLayers(inputs: readonly Named[]): string[] {
  checkNamed('rankedLayers', inputs);
  return inputs.flatMap(({ name }) => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : []));
}

/**
 * Whether a graph draws, and so is to be handed a key, by the names of its inputs.
 * @throws UsageError for what are no inputs
 */
export function takesKey(inputs: readonly Named[]): boolean {
  checkNamed('takesKey', inputs);
  return inputs.some(({ name }) => name === KEY_INPUT);
}

interface Named {
  readonly name: string;
}

function checkNamed(of: string, inputs: readonly Named[]): void {
  if (!Array.isArray(inputs))
    throw new UsageError(`${of} takes a graph's inputs, but it is given ${describeValue(inputs)}`);
  for (const [at, each] of inputs.entries())
    checkMembers(`${of}: inputs[${at}]`, each, {
      accepted: 'an input of a graph',
      members: { name: 'string' },
    });
}
