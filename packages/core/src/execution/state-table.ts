import { checkOneOf, checkText } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { nearName } from '../checks/near-name.js';
import { ShapeError, UsageError } from '../errors.js';
import { checkShape } from '../graph/arguments.js';
import type { Persistent } from '../graph/graph.js';
import { DTYPES, elements, formatType, sameShape, type TensorType } from '../graph/types.js';
import type { TensorRange } from './contract.js';
import { type AnyData, checkElements, checkKind, DATA, type DataKinds } from './tensor-data.js';

/** Names and types of tensors. */
type NamedTypes = Iterable<readonly [name: string, type: TensorType]>;

/** A range of a tensor, whole numbers within it. */
interface Range {
  readonly offset: number;
  readonly count: number;
}

/** What a device state holds, by name: what is alike on every backend. */
export class StateTable<Storage> {
  readonly #held = new Map<string, { readonly type: TensorType; readonly storage: Storage }>();
  readonly #types = new Map<string, TensorType>();
  #disposed = false;

  get tensors(): ReadonlyMap<string, TensorType> {
    return this.#types;
  }

  /** @throws UsageError once it is disposed of */
  expectUsable(): void {
    if (this.#disposed) throw new UsageError('the state was disposed of');
  }

  /**
   * Those tensors that are not there yet.
   * @throws ShapeError for one that is there with another type
   */
  missing(tensors: NamedTypes): [name: string, type: TensorType][] {
    this.expectUsable();
    const missing: [string, TensorType][] = [];
    for (const [name, { shape, dtype }] of tensors) {
      const known = this.#types.get(name);
      if (!known) missing.push([name, { shape, dtype }]);
      else if (known.dtype !== dtype || !sameShape(known.shape, shape))
        throw new ShapeError(
          `'${name}' is ${formatType(known)} in the state, and not ${formatType({ shape, dtype })}`,
        );
    }
    return missing;
  }

  add(name: string, type: TensorType, storage: Storage): void {
    this.#held.set(name, { type, storage });
    this.#types.set(name, type);
  }

  /** @throws UsageError for a name that it has not */
  find(name: string): { readonly type: TensorType; readonly storage: Storage } {
    this.expectUsable();
    const held = this.#held.get(name);
    if (held) return held;
    const known = [...this.#types.keys()];
    throw new UsageError(
      `the state has no tensor ${describeValue(name)}${nearName(String(name), known)}; it has ${listed(known)}`,
    );
  }

  /**
   * What is written of a tensor.
   * @param kinds the arrays that hold its numbers, by its dtype
   */
  written(
    name: string,
    data: AnyData,
    { range, kinds = DATA }: { range: Pick<TensorRange, 'offset'> | undefined; kinds?: DataKinds },
  ): Range {
    const { type } = this.find(name);
    checkKind(`'${name}'`, type, data, kinds);
    checkOptions<Pick<TensorRange, 'offset'>>('write', range === undefined ? {} : range, {
      offset: true,
    });
    if (range?.offset === undefined) checkElements(`'${name}'`, type, data);
    return within(name, type, { offset: range?.offset, count: data.length });
  }

  /** What is read of a tensor. */
  read(name: string, range: TensorRange | undefined): Range {
    const { type } = this.find(name);
    checkOptions('read', range === undefined ? {} : range, { offset: true, count: true });
    return within(name, type, range ?? {});
  }

  /** What it held, to be freed; nothing the second time. */
  dispose(): Storage[] {
    this.#disposed = true;
    const held = [...this.#held.values()].map(({ storage }) => storage);
    this.#held.clear();
    this.#types.clear();
    return held;
  }
}

/** Persistent tensors of a graph by name and type. */
export const typesOf = (persistents: readonly Persistent[]): [string, TensorType][] =>
  persistents.map(({ name, value }) => [name, value]);

/** @throws UsageError for what are no types of tensors by name */
export function checkTensorTypes(tensors: Readonly<Record<string, TensorType>>): void {
  if (typeof tensors !== 'object' || tensors === null)
    throw new UsageError(
      `tensors to allocate must be an object of { shape, dtype } by name, but they are ${describeValue(tensors)}`,
    );
  for (const [name, type] of Object.entries(tensors)) {
    checkText('the name of a tensor', name);
    if (typeof type !== 'object' || type === null)
      throw new UsageError(`'${name}' must be { shape, dtype }, but it is ${describeValue(type)}`);
    checkShape(`the shape of '${name}'`, type.shape);
    checkOneOf(`the dtype of '${name}'`, type.dtype, DTYPES);
  }
}

function within(
  name: string,
  type: TensorType,
  { offset = 0, count = elements(type) - offset }: { offset?: number | undefined; count?: number },
): Range {
  const all = elements(type);
  const whole = [offset, count].every((each) => Number.isInteger(each) && each >= 0);
  if (whole && offset + count <= all) return { offset, count };
  throw new ShapeError(
    `'${name}' has ${all} elements: there are no ${describeValue(count)} of them from ${describeValue(offset)} on`,
  );
}

const listed = (names: readonly string[]): string =>
  names.length > MANY
    ? `${names.slice(0, MANY).join(', ')} and ${names.length - MANY} more`
    : names.join(', ') || 'none';

/** More names than this say nothing. */
const MANY = 8;
