import {
  type Check,
  checkFlag,
  checkFunction,
  checkText,
  oneOf,
  optional,
} from '../checks/check-members.js';
import { checkOptions, type OptionNames } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import type { Node } from './node.js';
import { applyOp } from './trace.js';
import type { TensorType } from './types.js';
import type { Value } from './value.js';

/** What an op is told besides its inputs: numbers, flags, names. Plain data. */
export type Attributes = Readonly<Record<string, unknown>>;

/**
 * An op: its shape rule, its vector-Jacobian product in terms of other ops, and its cost. The
 * reference executor and each backend have a kernel of the same name.
 */
export interface OpDefinition<A extends Attributes = Attributes> {
  readonly name: string;
  /**
   * Types of the outputs, from those of the inputs.
   * @throws ShapeError when the inputs do not fit
   */
  infer(inputs: readonly TensorType[], attributes: A): readonly TensorType[];
  /**
   * Cotangents of the inputs from those of the outputs; `undefined` where an input gets none. What
   * it mentions of `inputs` and `outputs` is what stays alive for the backward pass; nothing else
   * does. `'none'` for an op that gradients do not pass (say why in the op's file).
   */
  readonly vjp:
    | 'none'
    | ((
        inputs: readonly Value[],
        outputs: readonly Value[],
        cotangents: readonly (Value | undefined)[],
        attributes: A,
        node: Node,
      ) => readonly (Value | undefined)[]);
  /** Floating-point operations of one run. */
  flops(inputs: readonly TensorType[], outputs: readonly TensorType[], attributes: A): number;
  /** True for an op that is made again in the backward pass rather than kept (`recompute: 'cheap'`). */
  readonly cheap?: boolean;
  /**
   * True where output 0 may be written over a dying input of the same size, element by element:
   * the indices of the inputs for which that holds.
   */
  readonly overwrites?: readonly number[];
  /** Where its outputs lie, unless it is the device's arena: the host store. */
  readonly space?: 'host';
  /** `[output, input]` pairs that share memory always: an update in place, or a view. */
  readonly aliases?: readonly (readonly [output: number, input: number])[];
}

// biome-ignore lint/suspicious/noExplicitAny: an op's attributes are its own business; the registry holds all kinds
const registry = new Map<string, OpDefinition<any>>();

/** The builder that {@link defineOp} returns: applies the op to values and gives its outputs. */
export interface OpBuilder<A extends Attributes> {
  (inputs: readonly Value[], attributes: A): readonly Value[];
  readonly definition: OpDefinition<A>;
}

const checkCalled: Check = (name, value) => checkFunction(name, value ?? null);

const DEFINITION: OptionNames<OpDefinition> = {
  name: checkText,
  infer: checkCalled,
  vjp: (name, value) => {
    if (value !== 'none') checkCalled(name, value);
  },
  flops: checkCalled,
  cheap: checkFlag,
  overwrites: optional(checkList),
  space: optional(oneOf(['host'])),
  aliases: optional(checkList),
};

function checkList(name: string, value: unknown): void {
  if (!Array.isArray(value))
    throw new UsageError(`${name} must be an array, but it is ${describeValue(value)}`);
}

/**
 * Registers an op and gives the function that adds a node of it to the graph being traced.
 * @throws UsageError for what defines no op, or one of a name that there is
 */
export function defineOp<A extends Attributes = Record<string, never>>(
  definition: OpDefinition<A>,
): OpBuilder<A> {
  checkOptions<OpDefinition<A>>('defineOp', definition, DEFINITION);
  if (registry.has(definition.name))
    throw new UsageError(`op '${definition.name}' is defined twice`);
  registry.set(definition.name, definition);
  const build = (inputs: readonly Value[], attributes: A) =>
    applyOp(definition as unknown as OpDefinition, inputs, attributes);
  return Object.assign(build, { definition });
}

/** All ops that are defined, by name. */
export const operations = (): ReadonlyMap<string, OpDefinition> => registry;
