import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { nearName } from '../checks/near-name.js';
import { UsageError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { formatType } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import type { RunOptions } from './contract.js';
import { type AnyData, checkElements, checkKind, DATA, type DataKinds } from './tensor-data.js';

/**
 * Checks what a run is given for the graph's inputs.
 * @throws UsageError for a missing or unknown name, or numbers of the other kind; ShapeError for a
 * wrong count of them
 */
export function checkInputs(
  { inputs: declared }: Pick<Graph, 'inputs'>,
  inputs: Readonly<Record<string, AnyData>>,
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
    checkKind(`the input '${name}'`, value, data, kinds);
    checkElements(`the input '${name}'`, value, data);
  }
  if (Object.keys(inputs).length === declared.length) return;
  const known = declared.map(({ name }) => name);
  for (const name of Object.keys(inputs))
    if (!known.includes(name))
      throw new UsageError(
        `there is no input '${name}'${nearName(name, known)}; there are: ${known.join(', ') || 'none'}`,
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
