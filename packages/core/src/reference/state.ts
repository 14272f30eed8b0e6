import type { DeviceState, TensorData, TensorRange } from '../execution/contract.js';
import { checkTensorTypes, StateTable, typesOf } from '../execution/state-table.js';
import type { DataKinds } from '../execution/tensor-data.js';
import type { Persistent } from '../graph/graph.js';
import { elements, type TensorType } from '../graph/types.js';
import type { Numbers, Tensor } from './kernel.js';

/** `f32` stores every f32 tensor in 32 bits, `f64` in 64; both compute in double precision. */
export type Precision = 'f32' | 'f64';

/** Numbers of a state in double precision. */
const IN_DOUBLES: DataKinds = { f32: [Float64Array], i32: [Int32Array] };

/** The reference executor's persistent tensors. */
export class ReferenceState implements DeviceState {
  readonly #table = new StateTable<Numbers>();

  /** @param owner the backend that made it, as a token */
  constructor(
    readonly precision: Precision,
    readonly owner?: object,
  ) {}

  get tensors(): ReadonlyMap<string, TensorType> {
    return this.#table.tensors;
  }

  async allocate(tensors: Readonly<Record<string, TensorType>>): Promise<void> {
    checkTensorTypes(tensors);
    this.#add(this.#table.missing(Object.entries(tensors)));
  }

  /** The tensors of a graph, made where there are none. @throws ShapeError for one of another type */
  declare(persistents: readonly Persistent[]): Tensor[] {
    this.#add(this.#table.missing(typesOf(persistents)));
    return persistents.map(({ name, value }) => ({
      shape: value.shape,
      data: this.#table.find(name).storage,
    }));
  }

  /** Of these, what is not there yet. @throws ShapeError for one of another type */
  missing(tensors: Iterable<readonly [string, TensorType]>): readonly [string, TensorType][] {
    return this.#table.missing(tensors);
  }

  /** @throws UsageError once it is disposed of */
  expectUsable(): void {
    this.#table.expectUsable();
  }

  async write(name: string, data: TensorData, range?: Pick<TensorRange, 'offset'>): Promise<void> {
    const { offset } = this.#table.written(name, data, { range });
    this.#table.find(name).storage.set(data, offset);
  }

  async read(name: string, range?: TensorRange): Promise<TensorData> {
    const { offset, count } = this.#table.read(name, range);
    const { type, storage } = this.#table.find(name);
    const part = storage.subarray(offset, offset + count);
    return type.dtype === 'i32' ? Int32Array.from(part) : Float32Array.from(part);
  }

  async dispose(): Promise<void> {
    this.#table.dispose();
  }

  /** {@link write} of a whole tensor without rounding to 32 bits. */
  async writeFloat64(name: string, data: Float64Array): Promise<void> {
    this.#table.written(name, data, { range: undefined, kinds: IN_DOUBLES });
    this.#table.find(name).storage.set(data);
  }

  /** {@link read} of a whole tensor without rounding to 32 bits. */
  async readFloat64(name: string): Promise<Float64Array> {
    return Float64Array.from(this.#table.find(name).storage);
  }

  #add(tensors: Iterable<readonly [string, TensorType]>): void {
    for (const [name, type] of tensors) this.#table.add(name, type, this.#zeros(type));
  }

  #zeros(type: TensorType): Numbers {
    const count = elements(type);
    if (type.dtype === 'i32') return new Int32Array(count);
    return this.precision === 'f64' ? new Float64Array(count) : new Float32Array(count);
  }
}
