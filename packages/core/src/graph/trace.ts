import { checkOneOf, checkText } from '../checks/check-members.js';
import { describeValue } from '../checks/describe-value.js';
import { ShapeError, UsageError } from '../errors.js';
import { checkBuild, checkValue } from './arguments.js';
import type { Graph } from './graph.js';
import { type Node, STAGES, type Stage } from './node.js';
import { nodeName } from './node-name.js';
import type { Attributes, OpDefinition, VectorJacobianProduct } from './op.js';
import { tracer, withTracer } from './tracer.js';
import { formatType, type TensorType } from './types.js';
import { Value } from './value.js';

/**
 * Runs `build` once on symbolic values and gives the graph of what it did.
 *
 * @param build makes the graph with op builders; its result names the values that a run returns
 * @throws UsageError when called inside another trace
 */
export function trace(build: () => Readonly<Record<string, Value>>): Graph {
  checkBuild('trace()', build);
  return withTracer((tracer) => {
    const named = build();
    checkOutputs(named);
    const { nodes, inputs, persistents, constants, observed } = tracer;
    const taken = [...observed.keys()].find((name) => name in named);
    if (taken !== undefined) throw new UsageError(`'${taken}' is observed and returned`);
    const outputs = { ...named, ...Object.fromEntries(observed) };
    return { nodes, inputs, persistents: [...persistents.values()], constants, outputs };
  });
}

/** @throws UsageError unless they are values by name */
function checkOutputs(named: Readonly<Record<string, Value>>): void {
  if (typeof named !== 'object' || named === null || named instanceof Value)
    throw new UsageError(
      `trace() takes a function that gives outputs by name, { loss }, but it gave ${describeValue(named)}`,
    );
  for (const [name, value] of Object.entries(named))
    if (!(value instanceof Value))
      throw new UsageError(
        `the output '${name}' of a graph must be a value, but it is ${describeValue(value)}`,
      );
}

/** Adds a node of `op`. @throws ShapeError when the inputs do not fit the op */
export function applyOp(
  op: OpDefinition,
  inputs: readonly Value[],
  { attributes, vjp }: { attributes: Attributes; vjp: VectorJacobianProduct | undefined },
): readonly Value[] {
  const at = tracer();
  if (!Array.isArray(inputs))
    throw new UsageError(
      `${op.name} takes an array of values, but it is given ${describeValue(inputs)}`,
    );
  inputs.forEach((input, place) => {
    if (!(input instanceof Value))
      throw new UsageError(
        `${op.name} takes values of a graph, but its input ${place} is ${describeValue(input)}`,
      );
  });
  let types: readonly TensorType[];
  try {
    types = op.infer(inputs, attributes);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const scope = at.scopes.length ? ` in ${at.scopes.join('.')}` : '';
    throw new ShapeError(
      `${op.name}(${inputs.map(formatType).join(', ')})${scope}: ${error.message}`,
      { cause: error },
    );
  }
  const append = () => at.append(op, inputs, types, { attributes, ...(vjp ? { vjp } : {}) });
  if (!at.once || vjp || op.updates) return append();
  const { stage, block } = at;
  const name = nodeName({
    op,
    inputs,
    attributes,
    stage,
    ...(block === undefined ? {} : { block }),
  });
  const made = at.once.get(name) ?? append();
  at.once.set(name, made);
  return made;
}

/** Runs `build`, within which what would compute the same twice is traced once. */
export function once<T>(build: () => T): T {
  const at = tracer();
  const before = at.once;
  at.once = new Map();
  try {
    return build();
  } finally {
    at.once = before;
  }
}

/** Runs `build` with `name` added to the path that nodes are listed under. */
export function scope<T>(name: string, build: () => T): T {
  checkText('the name of a scope', name);
  checkBuild('scope()', build);
  const at = tracer();
  at.scopes.push(name);
  try {
    return build();
  } finally {
    at.scopes.pop();
  }
}

/**
 * Marks what `build` traces as one block, of which `recompute: 'block'` keeps only what enters and
 * leaves it; the rest is computed again in the backward pass. @throws UsageError when nested
 */
export function checkpoint<T>(build: () => T): T {
  checkBuild('checkpoint()', build);
  const at = tracer();
  if (at.block !== undefined) throw new UsageError('checkpoint() was called inside checkpoint()');
  at.block = at.nextBlock++;
  try {
    return build();
  } finally {
    at.block = undefined;
  }
}

/**
 * Marks what `build` traces as worth making again under `recompute: 'projections'`: costlier than
 * element-wise work, but large for what it costs, such as linear layers that widen their input.
 */
export function rebuildable<T>(build: () => T): T {
  checkBuild('rebuildable()', build);
  const at = tracer();
  const before = at.rebuildable;
  at.rebuildable = true;
  try {
    return build();
  } finally {
    at.rebuildable = before;
  }
}

/** Runs `build` with its nodes counted as part of `stage`. */
export function inStage<T>(stage: Stage, build: () => T): T {
  checkOneOf('the stage', stage, STAGES);
  checkBuild('inStage()', build);
  const at = tracer();
  const before = at.stage;
  at.stage = stage;
  try {
    return build();
  } finally {
    at.stage = before;
  }
}

/**
 * Adds `value` to what a run returns, under `name`: for what is measured deep inside a graph, such
 * as a layer's moments. @throws UsageError for a name used twice
 */
export function observe(name: string, value: Value): void {
  const { observed } = tracer();
  checkText('the name of what is observed', name);
  checkValue(`what is observed as '${name}'`, value);
  if (observed.has(name)) throw new UsageError(`'${name}' is observed twice`);
  observed.set(name, value);
}

/** Nodes traced so far, in order; reverse mode walks them backward. */
export const tracedNodes = (): readonly Node[] => tracer().nodes;

/**
 * A new stream number: each use of randomness in a graph takes its own, so that no two layers and
 * no two uses in a layer draw the same numbers under one key.
 */
export const nextStream = (): number => tracer().stream++;
