import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { nearName } from '../checks/near-name.js';
import { ShapeError, UsageError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { type DType, elements, formatType } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import type { RunOptions, TensorData } from './contract.js';

/**
 * Checks what a run is given for the graph's inputs.
 * @throws UsageError for a missing or unknown name, or numbers of the other kind; ShapeError for a
 * wrong count of them
 */
export function checkInputs(
  { inputs: declared }: Pick<Graph, 'inputs'>,
  inputs: Readonly<Record<string, RunData>>,
  kinds: DataKinds = DATA,
): void {
  if (typeof inputs !== 'object' || inputs === null)
    throw new UsageError(
      `run() takes the graph's inputs by name, but it is given ${describeValue(inputs)}`,
    );
  for (const { name, value } of declared) {
    const data = inputs[name];
    if (data === undefined)
      throw new UsageError(`the input '${name}', ${formatType(value)}, is missing`);
    checkData(`the input '${name}'`, { value, data, kinds: kinds[value.dtype] });
  }
  if (Object.keys(inputs).length === declared.length) return;
  const known = declared.map(({ name }) => name);
  for (const name of Object.keys(inputs))
    if (!known.includes(name))
      throw new UsageError(
        `there is no input '${name}'${nearName(name, known)}; there are: ${known.join(', ') || 'none'}`,
      );
}

/** Numbers in any array that an executor may take. */
type RunData = TensorData | Float64Array;

type ArrayType = new (length: number) => RunData;

/** The arrays that numbers of each dtype may come in. */
export type DataKinds = Readonly<Record<DType, readonly ArrayType[]>>;

const DATA: DataKinds = { f32: [Float32Array], i32: [Int32Array] };

function checkData(
  what: string,
  { value, data, kinds }: { value: Value; data: RunData; kinds: readonly ArrayType[] },
): void {
  if (!kinds.some((kind) => data instanceof kind))
    throw new UsageError(
      `${what} is ${formatType(value)} and must be a ${kinds[0]!.name}, but it is ${describeValue(data)}`,
    );
  if (data.length !== elements(value))
    throw new ShapeError(
      `${what} is ${formatType(value)}, ${elements(value)} numbers, not ${data.length}`,
    );
}

/**
 * The outputs that a run returns, by name.
 * @throws UsageError for names that are none
 */
export function outputsToRead(
  { outputs }: Pick<Graph, 'outputs'>,
  options: RunOptions = {},
): readonly (readonly [name: string, value: Value])[] {
  checkOptions('run', options, { read: true });
  const { read } = options;
  if (read === undefined) return Object.entries(outputs);
  if (!Array.isArray(read))
    throw new UsageError(
      `run: read must be an array of outputs' names, but it is ${describeValue(read)}`,
    );
  return read.map((name: string) => {
    const value = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
    if (value) return [name, value];
    const known = Object.keys(outputs);
    throw new UsageError(
      `there is no output ${describeValue(name)}${nearName(String(name), known)}; there are: ${known.join(', ') || 'none'}`,
    );
  });
}
