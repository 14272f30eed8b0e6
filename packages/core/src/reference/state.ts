import type { DeviceState } from '../backend.js';
import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import type { Persistent } from '../graph/graph.js';
import { elements, type Shape, sameShape } from '../graph/types.js';
import type { Numbers, Tensor } from './kernel.js';

/** `f32` stores every f32 tensor in 32 bits, `f64` in 64; both compute in double precision. */
export type Precision = 'f32' | 'f64';

/** The reference executor's persistent tensors. */
export class ReferenceState implements DeviceState {
  readonly #tensors = new Map<string, Tensor>();
  readonly #shapes = new Map<string, Shape>();

  constructor(readonly precision: Precision) {}

  get tensors(): ReadonlyMap<string, Shape> {
    return this.#shapes;
  }

  /** The tensor of that name, made if there is none. @throws UsageError when its shape is another */
  declare({ name, value }: Persistent): Tensor {
    const known = this.#tensors.get(name);
    if (known && !sameShape(known.shape, value.shape))
      throw new UsageError(
        `the state holds '${name}' as [${known.shape.join(', ')}], the graph as [${value.shape.join(', ')}]`,
      );
    if (known) return known;
    const tensor = { shape: value.shape, data: this.#zeros(elements(value)) };
    this.#tensors.set(name, tensor);
    this.#shapes.set(name, value.shape);
    return tensor;
  }

  async write(name: string, data: Float32Array): Promise<void> {
    checkNumbers(name, data, Float32Array);
    this.#write(name, data);
  }

  async read(name: string): Promise<Float32Array> {
    return Float32Array.from(this.#find(name));
  }

  /** {@link write} without rounding to 32 bits. */
  async writeFloat64(name: string, data: Float64Array): Promise<void> {
    checkNumbers(name, data, Float64Array);
    this.#write(name, data);
  }

  /** {@link read} without rounding to 32 bits. */
  async readFloat64(name: string): Promise<Float64Array> {
    return Float64Array.from(this.#find(name));
  }

  #zeros(count: number): Numbers {
    return this.precision === 'f64' ? new Float64Array(count) : new Float32Array(count);
  }

  #write(name: string, data: Float32Array | Float64Array): void {
    const held = this.#find(name);
    if (data.length !== held.length)
      throw new UsageError(`'${name}' takes ${held.length} numbers, not ${data.length}`);
    held.set(data);
  }

  #find(name: string): Numbers {
    const tensor = this.#tensors.get(name);
    if (!tensor)
      throw new UsageError(
        `the state holds no tensor ${describeValue(name)}; it has ${[...this.#tensors.keys()].join(', ') || 'none'}`,
      );
    return tensor.data;
  }
}

/** @throws UsageError unless it is an array of that type */
function checkNumbers(
  name: string,
  data: unknown,
  type: Float32ArrayConstructor | Float64ArrayConstructor,
): void {
  if (!(data instanceof type))
    throw new UsageError(
      `${describeValue(name)} takes a ${type.name}, but it is given ${describeValue(data)}`,
    );
}
