import { checkText } from '../checks/check-members.js';
import { describeValue } from '../checks/describe-value.js';
import { ShapeError, UsageError } from '../errors.js';
import type { Constant, Graph, GraphInput, Persistent, PersistentKind } from './graph.js';
import type { Node, Stage } from './node.js';
import type { Attributes, OpDefinition } from './op.js';
import {
  type DType,
  elements,
  formatType,
  type Shape,
  sameShape,
  type TensorType,
} from './types.js';
import { Value } from './value.js';

/** The graph that is being built. */
class Tracer {
  readonly nodes: Node[] = [];
  readonly inputs: GraphInput[] = [];
  readonly persistents = new Map<string, Persistent>();
  readonly constants: Constant[] = [];
  readonly observed = new Map<string, Value>();
  readonly scopes: string[] = [];
  stage: Stage = 'forward';
  stream = 0;
  nextId = 0;
  block: number | undefined;
  nextBlock = 0;
  rebuildable = false;

  leaf(op: OpDefinition, type: TensorType, name: string): Value {
    checkText('the name of a tensor', name);
    if (!Array.isArray(type.shape))
      throw new UsageError(
        `the shape of '${name}' must be an array of sizes, but it is ${describeValue(type.shape)}`,
      );
    return this.append(op, [], { name }, [type])[0]!;
  }

  append(
    op: OpDefinition,
    inputs: readonly Value[],
    attributes: Attributes,
    types: readonly TensorType[],
  ): readonly Value[] {
    const outputs: Value[] = [];
    const node: Node = {
      id: this.nextId++,
      op,
      attributes,
      inputs,
      outputs,
      scope: this.scopes.join('.'),
      stage: this.stage,
      ...(this.block === undefined ? {} : { block: this.block }),
      ...(this.rebuildable ? { rebuildable: true } : {}),
    };
    types.forEach((type, index) => {
      if (!type.shape.every((size) => Number.isSafeInteger(size) && size >= 0))
        throw new ShapeError(
          `${String(attributes.name ?? op.name)}: sizes must be whole numbers ≥ 0, not ${formatType(type)}`,
        );
      outputs.push(new Value(node, index, type.shape, type.dtype));
    });
    this.nodes.push(node);
    return outputs;
  }
}

let current: Tracer | undefined;

function tracer(): Tracer {
  if (!current) throw new UsageError('ops build a graph: call them inside trace(() => …)');
  return current;
}

const leafDefinition = (name: string): OpDefinition => ({
  name,
  infer: () => {
    throw new ShapeError(`'${name}' is made by the tracer, not by applying an op`);
  },
  vjp: 'none',
  flops: () => 0,
});

const INPUT = leafDefinition('input');
const PERSISTENT = leafDefinition('persistent');
const CONSTANT = leafDefinition('constant');

/** True for a node that stands for a tensor handed in, not for work: input, persistent, constant. */
export const isLeaf = (node: Node): boolean =>
  node.op === INPUT || node.op === PERSISTENT || node.op === CONSTANT;

export const isPersistent = (value: Value): boolean => value.node.op === PERSISTENT;

/**
 * Runs `build` once on symbolic values and gives the graph of what it did.
 *
 * @param build makes the graph with op builders; its result names the values that a run returns
 * @throws UsageError when called inside another trace
 */
export function trace(build: () => Readonly<Record<string, Value>>): Graph {
  if (typeof build !== 'function')
    throw new UsageError(`trace() takes a function, but it is given ${describeValue(build)}`);
  if (current) throw new UsageError('trace() was called inside another trace()');
  current = new Tracer();
  try {
    const named = build();
    checkOutputs(named);
    const { nodes, inputs, persistents, constants, observed } = current;
    const taken = [...observed.keys()].find((name) => name in named);
    if (taken !== undefined) throw new UsageError(`'${taken}' is observed and returned`);
    const outputs = { ...named, ...Object.fromEntries(observed) };
    return { nodes, inputs, persistents: [...persistents.values()], constants, outputs };
  } finally {
    current = undefined;
  }
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
  attributes: Attributes,
): readonly Value[] {
  const at = tracer();
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
  return at.append(op, inputs, attributes, types);
}

/** Runs `build` with `name` added to the path that nodes are listed under. */
export function scope<T>(name: string, build: () => T): T {
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

/** A tensor that the caller hands in at every run. @throws UsageError for a name used twice */
export function input(name: string, shape: Shape, dtype: DType = 'f32'): Value {
  const at = tracer();
  if (at.inputs.some((other) => other.name === name))
    throw new UsageError(`input '${name}' is declared twice`);
  const value = at.leaf(INPUT, { shape, dtype }, name);
  at.inputs.push({ name, value });
  return value;
}

/**
 * An f32 tensor that stays on the device between runs. Declared twice under one name it is the
 * same tensor. @throws ShapeError when the shapes of the two declarations differ
 */
export function persistent(name: string, shape: Shape, kind: PersistentKind): Value {
  const at = tracer();
  const known = at.persistents.get(name);
  if (known) {
    if (!sameShape(known.value.shape, shape) || known.kind !== kind)
      throw new ShapeError(
        `'${name}' was declared as ${known.kind} [${known.value.shape.join(', ')}] and again as ${kind} [${shape.join(', ')}]`,
      );
    return known.value;
  }
  const value = at.leaf(PERSISTENT, { shape, dtype: 'f32' }, name);
  at.persistents.set(name, { name, kind, value });
  return value;
}

/** A trainable tensor, f32. */
export const parameter = (name: string, shape: Shape): Value =>
  persistent(name, shape, 'parameter');

/** A constant tensor. @throws ShapeError when data and shape disagree in count */
export function constant(data: Float32Array | Int32Array, shape: Shape = [data.length]): Value {
  const at = tracer();
  const type: TensorType = { shape, dtype: data instanceof Int32Array ? 'i32' : 'f32' };
  if (elements(type) !== data.length)
    throw new ShapeError(`a constant of ${data.length} numbers does not fill ${formatType(type)}`);
  const value = at.leaf(CONSTANT, type, `constant${at.constants.length}`);
  at.constants.push({ value, data });
  return value;
}
