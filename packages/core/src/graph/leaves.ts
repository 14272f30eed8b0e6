import { isList } from '../checks/check-amounts.js';
import { checkOneOf, checkText } from '../checks/check-members.js';
import { describeValue } from '../checks/describe-value.js';
import { ShapeError, UsageError } from '../errors.js';
import { checkBuild, checkNode, checkShape, checkValue } from './arguments.js';
import { PERSISTENT_KINDS, type PersistentKind } from './graph.js';
import type { Node } from './node.js';
import type { OpDefinition } from './op.js';
import { tracer } from './tracer.js';
import {
  DTYPES,
  type DType,
  elements,
  formatType,
  type Shape,
  sameShape,
  type TensorType,
} from './types.js';
import type { Value } from './value.js';

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
  const tensor = at.data.get(name);
  if (tensor !== undefined) {
    at.dataRead.add(name);
    return persistent(tensor, shape, 'data', dtype);
  }
  if (at.inputs.some((other) => other.name === name))
    throw new UsageError(`input '${name}' is declared twice`);
  const value = at.leaf(INPUT, { shape, dtype }, name);
  at.inputs.push({ name, value });
  return value;
}

/**
 * Traces what `build` does with some of its inputs as data that stays on the device: `input(NAME)` is
 * then the persistent tensor `tensors[NAME]`, which a state is given once, and no longer an input of
 * the graph.
 *
 * @param tensors names of persistent tensors by names of inputs
 * @throws UsageError for a name that no input declared within has
 */
export function withData<T>(tensors: Readonly<Record<string, string>>, build: () => T): T {
  const at = tracer();
  if (typeof tensors !== 'object' || tensors === null || isList(tensors))
    throw new UsageError(
      `withData takes names of tensors by names of inputs, but got ${describeValue(tensors)}`,
    );
  for (const [name, tensor] of Object.entries(tensors))
    checkText(`the tensor of '${name}'`, tensor);
  checkBuild('withData', build);
  const before = at.data;
  at.data = new Map([...before, ...Object.entries(tensors)]);
  try {
    const built = build();
    const unread = Object.keys(tensors).find((name) => !at.dataRead.has(name));
    if (unread !== undefined)
      throw new UsageError(`withData names the input '${unread}', which nothing within declares`);
    return built;
  } finally {
    at.data = before;
  }
}

/**
 * A tensor that stays on the device between runs. Declared twice under one name it is the same
 * tensor. @throws UsageError for a kind or dtype that there is not; ShapeError when the types or
 * kinds of the two declarations differ
 */
export function persistent(
  name: string,
  shape: Shape,
  kind: PersistentKind,
  dtype: DType = 'f32',
): Value {
  const at = tracer();
  checkTensor(name, shape);
  checkOneOf(`the kind of '${name}'`, kind, PERSISTENT_KINDS);
  checkOneOf(`the dtype of '${name}'`, dtype, DTYPES);
  const type = { shape, dtype };
  const known = at.persistents.get(name);
  if (known) {
    const { value } = known;
    if (!sameShape(value.shape, shape) || value.dtype !== dtype || known.kind !== kind)
      throw new ShapeError(
        `'${name}' was declared as ${known.kind} ${formatType(value)} and again as ${kind} ${formatType(type)}`,
      );
    return value;
  }
  const value = at.leaf(PERSISTENT, type, name);
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
