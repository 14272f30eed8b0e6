import { BackendError } from '@sketchgrad/core';
import type { Names, Operands } from './kernel.js';
import type { Dispatch, Range } from './lowering.js';

/** A dispatch's operands as the program has them: those that share memory are one array. */
export interface Bound {
  readonly names: Names<Operands>;
  /** Of each array, in the order of the program's bindings. */
  readonly ranges: readonly Range[];
}

/**
 * @param rangeOf where the operand of that number lies
 * @throws BackendError for operands that lie half over each other, or share memory as two types
 */
export function bindingsOf(
  { kernel }: Dispatch,
  rangeOf: (operand: string, index: number) => Range,
): Bound {
  const operands = Object.entries(kernel.operands as Operands);
  const names: Record<string, string> = {};
  const arrays: { readonly name: string; readonly type: string; readonly range: Range }[] = [];
  for (const [index, [operand, type]] of operands.entries()) {
    const range = rangeOf(operand, index);
    const other = arrays.find((array) => overlap(array.range, range));
    if (!other) {
      arrays.push({ name: operand, type, range });
      names[operand] = operand;
      continue;
    }
    if (other.range.offset !== range.offset || other.type !== type)
      throw new BackendError(
        `the kernel '${kernel.name}' cannot have '${operand}' where it has '${other.name}': ${type} at byte ${range.offset}, ${other.type} at byte ${other.range.offset}`,
      );
    names[operand] = other.name;
  }
  return { names, ranges: arrays.map(({ range }) => range) };
}

const overlap = (a: Range, b: Range): boolean =>
  a.slot === b.slot && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
