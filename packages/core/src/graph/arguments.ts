import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import { Value } from './value.js';

/** @throws UsageError for what is no value of a graph */
export function checkValue(name: string, value: unknown): void {
  if (!(value instanceof Value))
    throw new UsageError(
      `${name} must be a value of a graph, such as input('x', [2, 3]) gives, but it is ${describeValue(value)}`,
    );
}

/** @throws UsageError for what is no array of values of a graph, of at least so many */
export function checkValues(name: string, values: unknown, least = 0): void {
  if (!Array.isArray(values) || values.length < least)
    throw new UsageError(
      `${name} must be an array of ${least === 0 ? '' : `at least ${least} `}values of a graph, but it is ${describeValue(values)}`,
    );
  for (const [at, value] of values.entries()) checkValue(`${name}[${at}]`, value);
}

/** @throws UsageError for what is no node of a graph */
export function checkNode(name: string, node: unknown): void {
  const { op, inputs, outputs } = (node ?? {}) as Record<string, unknown>;
  if (typeof op !== 'object' || op === null || !Array.isArray(inputs) || !Array.isArray(outputs))
    throw new UsageError(
      `${name} must be a node of a graph, such as its nodes are, but it is ${describeValue(node)}`,
    );
}

/** @throws UsageError for what no use of randomness can draw from */
export function checkKey(name: string, key: unknown): void {
  const { value, stream } = (key ?? {}) as { value?: unknown; stream?: unknown };
  if (!(value instanceof Value))
    throw new UsageError(
      `${name} must be a key, such as newKey(input('key', [2], 'i32')) gives, but it is ${describeValue(key)}`,
    );
  checkStream(`${name}.stream`, stream);
}

/** @throws UsageError for what is no number of a stream */
export function checkStream(name: string, stream: unknown): void {
  if (!Number.isInteger(stream) || (stream as number) !== ((stream as number) | 0))
    throw new UsageError(`${name} must be a 32-bit integer, but it is ${describeValue(stream)}`);
}

/** @throws UsageError for what is no array of sizes; what the sizes are is checked where they are used */
export function checkShape(name: string, shape: unknown): void {
  if (!Array.isArray(shape))
    throw new UsageError(`${name} must be an array of sizes, but it is ${describeValue(shape)}`);
}

/** @throws UsageError for what cannot be called */
export function checkBuild(of: string, build: unknown): void {
  if (typeof build !== 'function')
    throw new UsageError(`${of} takes a function, but it is given ${describeValue(build)}`);
}
