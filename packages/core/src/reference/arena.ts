import { BackendError, PlanError } from '../errors.js';
import { byteLength, ELEMENT_BYTES, elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { alignUp, type MemoryPlan } from '../plan/memory-plan.js';
import type { Numbers, Tensor } from './kernel.js';
import type { Precision } from './state.js';

/** The largest buffer: engines refuse much longer typed arrays. */
export const LIMIT_BYTES = 2 ** 32;

/** A buffer's elements, and the bytes of it that were used. */
interface Memory {
  readonly floats: Float32Array | Float64Array;
  readonly integers: Int32Array | Float64Array;
  /** What stays from run to run, lowest first. */
  readonly constants: { readonly first: number; readonly end: number }[];
  touchedBytes: number;
}

/**
 * The buffers of a plan, in which tensors lie where it puts them, so that an error in the plan shows
 * as a wrong number. In f64 an element takes twice the plan's bytes at the same index, and integers
 * lie in doubles. Constants are there from the start.
 */
export class Arena {
  readonly #memories: readonly Memory[];

  /** @throws PlanError for a buffer of more than 4 GiB */
  constructor(
    readonly plan: MemoryPlan,
    precision: Precision,
  ) {
    this.#memories = plan.buffers.map(({ bytes }) => memoryOf(bytes, precision));
    for (const { value, data } of plan.constants) {
      const { memory, first } = this.#find(value);
      this.tensor(value).data.set(data);
      this.touch(value);
      memory.constants.push({ first, end: first + data.length });
    }
    for (const { constants } of this.#memories) constants.sort((a, b) => a.first - b.first);
  }

  /** A value's tensor. @throws BackendError when the plan gives it no place */
  tensor(value: Value): Tensor {
    const { memory, first } = this.#find(value);
    const numbers: Numbers = value.dtype === 'i32' ? memory.integers : memory.floats;
    return { shape: value.shape, data: numbers.subarray(first, first + elements(value)) };
  }

  /** Fills it with NaN, so that memory read before it is written shows; constants stay. */
  forget(): void {
    for (const { floats, constants } of this.#memories) {
      let from = 0;
      for (const { first, end } of constants) {
        floats.fill(Number.NaN, from, first);
        from = end;
      }
      floats.fill(Number.NaN, from);
    }
  }

  /** Notes that a value's memory was used, where the plan gives it any. */
  touch(value: Value): void {
    if (!this.plan.places.has(value)) return;
    const { memory, first } = this.#find(value);
    const end = first * ELEMENT_BYTES + alignUp(byteLength(value));
    memory.touchedBytes = Math.max(memory.touchedBytes, end);
  }

  /** Bytes from each buffer's start to the end of what was used of it. */
  get touchedBytes(): number {
    return this.#memories.reduce((all, { touchedBytes }) => all + touchedBytes, 0);
  }

  #find(value: Value): { readonly memory: Memory; readonly first: number } {
    const place = this.plan.places.get(value);
    if (!place)
      throw new BackendError(`the plan gives ${value.label} (${value.node.op.name}) no place`);
    return { memory: this.#memories[place.buffer]!, first: place.offset / ELEMENT_BYTES };
  }
}

function memoryOf(bytes: number, precision: Precision): Memory {
  if (bytes > LIMIT_BYTES)
    throw new PlanError(
      `the plan's arena takes ${bytes} bytes; the reference executor has at most ${LIMIT_BYTES}`,
      bytes,
      LIMIT_BYTES,
    );
  const count = bytes / ELEMENT_BYTES;
  const floats = precision === 'f64' ? new Float64Array(count) : new Float32Array(count);
  const integers = floats instanceof Float64Array ? floats : new Int32Array(floats.buffer);
  return { floats, integers, constants: [], touchedBytes: 0 };
}
