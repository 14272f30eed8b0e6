import { checkOneOf, checkText } from '../checks/check-members.js';
import { describeValue } from '../checks/describe-value.js';
import { checkBuild, checkNode, checkShape, checkValue } from '../checks/graph-arguments.js';
import { ShapeError, UsageError } from '../errors.js';
import {
  type Constant,
  type Graph,
  type GraphInput,
  PERSISTENT_KINDS,
  type Persistent,
  type PersistentKind,
} from './graph.js';
import { type Node, STAGES, type Stage } from './node.js';
import type { Attributes, OpDefinition } from './op.js';
import {
  DTYPES,
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

/**
 * True for a node that stands for a tensor handed in, not for work: input, persistent, constant.
 * @throws UsageError for what is no node
 */
export function isLeaf(node: Node): boolean {
  checkNode('isLeaf: node', node);
  return node.op === INPUT || node.op === PERSISTENT || node.op === CONSTANT;
}

/** Whether it is a tensor that stays on the device. @throws UsageError for what is no value */
export function isPersistent(value: Value): boolean {
  checkValue('isPersistent: value', value);
  return value.node.op === PERSISTENT;
}

/**
 * Runs `build` once on symbolic values and gives the graph of what it did.
 *
 * @param build makes the graph with op builders; its result names the values that a run returns
 * @throws UsageError when called inside another trace
 */
export function trace(build: () => Readonly<Record<string, Value>>): Graph {
  checkBuild('trace()', build);
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
  return at.append(op, inputs, attributes, types);
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

/** @throws UsageError for a name or a shape that a tensor cannot have */
function checkTensor(name: string, shape: Shape): void {
  checkText('the name of a tensor', name);
  checkShape(`the shape of '${name}'`, shape);
}

/**
 * A tensor that the caller hands in at every run.
 * @throws UsageError for a name used twice, or a dtype that there is not
 */
export function input(name: string, shape: Shape, dtype: DType = 'f32'): Value {
  const at = tracer();
  checkTensor(name, shape);
  checkOneOf(`the dtype of '${name}'`, dtype, DTYPES);
  if (at.inputs.some((other) => other.name === name))
    throw new UsageError(`input '${name}' is declared twice`);
  const value = at.leaf(INPUT, { shape, dtype }, name);
  at.inputs.push({ name, value });
  return value;
}

/**
 * An f32 tensor that stays on the device between runs. Declared twice under one name it is the
 * same tensor. @throws UsageError for a kind that there is not; ShapeError when the shapes of the two
 * declarations differ
 */
export function persistent(name: string, shape: Shape, kind: PersistentKind): Value {
  const at = tracer();
  checkTensor(name, shape);
  checkOneOf(`the kind of '${name}'`, kind, PERSISTENT_KINDS);
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

/**
 * A constant tensor.
 * @throws UsageError for other data than f32 or i32; ShapeError when data and shape disagree in count
 */
export function constant(data: Float32Array | Int32Array, shape: Shape = [data?.length]): Value {
  const at = tracer();
  if (!(data instanceof Float32Array || data instanceof Int32Array))
    throw new UsageError(
      `a constant must be a Float32Array or an Int32Array, but it is ${describeValue(data)}`,
    );
  checkShape('the shape of a constant', shape);
  const type: TensorType = { shape, dtype: data instanceof Int32Array ? 'i32' : 'f32' };
  if (elements(type) !== data.length)
    throw new ShapeError(`a constant of ${data.length} numbers does not fill ${formatType(type)}`);
  const value = at.leaf(CONSTANT, type, `constant${at.constants.length}`);
  at.constants.push({ value, data });
  return value;
}
