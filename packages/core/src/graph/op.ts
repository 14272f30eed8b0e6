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
 * Cotangents of the inputs from those of the outputs; `undefined` where an input gets none. What it
 * mentions of `inputs` and `outputs`, or of other values, is what stays alive for the backward pass;
 * nothing else does.
 */
export type VectorJacobianProduct<A extends Attributes = Attributes> = (
  inputs: readonly Value[],
  outputs: readonly Value[],
  cotangents: readonly (Value | undefined)[],
  attributes: A,
  node: Node,
) => readonly (Value | undefined)[];

/** An output and the input whose memory it has, by their numbers. */
export type OutputOfInput = readonly [output: number, input: number];

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
   * How gradients pass it. `'none'` for an op that they do not pass (say why in the op's file);
   * `'traced'` where each node is given a product of its own when it is traced.
   */
  readonly vjp: 'none' | 'traced' | VectorJacobianProduct<A>;
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
  /** `[output, input]` pairs of which the output is the input's bytes as they are, in another shape. */
  readonly views?: readonly OutputOfInput[];
  /** `[output, input]` pairs of which the input is changed in place, and is the output from then on. */
  readonly updates?: readonly OutputOfInput[];
}

// biome-ignore lint/suspicious/noExplicitAny: an op's attributes are its own business; the registry holds all kinds
const registry = new Map<string, OpDefinition<any>>();

/** The builder that {@link defineOp} returns: applies the op to values and gives its outputs. */
export interface OpBuilder<A extends Attributes> {
  /** @param vjp the node's own, of an op whose definition says `'traced'`, and of no other */
  (inputs: readonly Value[], attributes: A, vjp?: VectorJacobianProduct): readonly Value[];
  readonly definition: OpDefinition<A>;
}

const checkCalled: Check = (name, value) => checkFunction(name, value ?? null);

const DEFINITION: OptionNames<OpDefinition> = {
  name: checkText,
  infer: checkCalled,
  vjp: (name, value) => {
    if (value !== 'none' && value !== 'traced') checkCalled(name, value);
  },
  flops: checkCalled,
  cheap: checkFlag,
  overwrites: optional(checkList),
  space: optional(oneOf(['host'])),
  views: optional(checkPairs),
  updates: optional(checkPairs),
};

function checkList(name: string, value: unknown): void {
  if (!Array.isArray(value))
    throw new UsageError(`${name} must be an array, but it is ${describeValue(value)}`);
}

function checkPairs(name: string, value: unknown): void {
  checkList(name, value);
  for (const pair of value as readonly unknown[])
    if (!(Array.isArray(pair) && pair.length === 2 && pair.every((each) => Number.isInteger(each))))
      throw new UsageError(
        `${name} must be pairs [output, input] of numbers, but one is ${describeValue(pair)}`,
      );
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
  const build = (inputs: readonly Value[], attributes: A, vjp?: VectorJacobianProduct) => {
    if ((definition.vjp === 'traced') !== (typeof vjp === 'function'))
      throw new UsageError(
        `'${definition.name}' is given ${vjp === undefined ? 'no' : 'a'} vector-Jacobian product, but its definition says ${definition.vjp === 'traced' ? 'that each node has one' : 'how gradients pass it'}`,
      );
    return applyOp(definition as unknown as OpDefinition, inputs, { attributes, vjp });
  };
  return Object.assign(build, { definition });
}

/** All ops that are defined, by name. */
export const operations = (): ReadonlyMap<string, OpDefinition> => registry;
