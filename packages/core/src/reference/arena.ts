import { BackendError, PlanError } from '../errors.js';
import { ELEMENT_BYTES, elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import type { Numbers, Tensor } from './kernel.js';
import type { Precision } from './state.js';

/** The largest arena: engines refuse much longer typed arrays. */
export const LIMIT_BYTES = 2 ** 32;

/**
 * One block of memory in which tensors lie where the plan puts them, so that an error in the plan
 * shows as a wrong number. In f64 an element takes twice the plan's bytes at the same index, and
 * integers lie in doubles.
 */
export class Arena {
  readonly #floats: Float32Array | Float64Array;
  readonly #integers: Int32Array | Float64Array;

  /** @throws PlanError for more than 4 GiB */
  constructor(
    bytes: number,
    precision: Precision,
    readonly offsets: ReadonlyMap<Value, number>,
  ) {
    if (bytes > LIMIT_BYTES)
      throw new PlanError(
        `the plan's arena takes ${bytes} bytes; the reference executor has at most ${LIMIT_BYTES}`,
        bytes,
        LIMIT_BYTES,
      );
    const count = bytes / ELEMENT_BYTES;
    if (precision === 'f64') {
      this.#floats = new Float64Array(count);
      this.#integers = this.#floats;
    } else {
      this.#floats = new Float32Array(count);
      this.#integers = new Int32Array(this.#floats.buffer);
    }
  }

  /** A value's tensor. @throws BackendError when the plan gives it no place */
  tensor(value: Value): Tensor {
    const offset = this.offsets.get(value);
    if (offset === undefined)
      throw new BackendError(`the plan gives ${value.label} (${value.node.op.name}) no place`);
    const memory: Numbers = value.dtype === 'i32' ? this.#integers : this.#floats;
    const first = offset / ELEMENT_BYTES;
    return { shape: value.shape, data: memory.subarray(first, first + elements(value)) };
  }

  /** Fills it with NaN, so that memory read before it is written shows. */
  forget(): void {
    this.#floats.fill(Number.NaN);
  }
}
