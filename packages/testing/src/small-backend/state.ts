import {
  alignUp,
  byteLength,
  type DeviceState,
  type Persistent,
  type TensorData,
  type TensorRange,
  type TensorType,
} from '@sketchgrad/core';
import { checkTensorTypes, StateTable, typesOf } from '@sketchgrad/core/backend';
import { ALIGNMENT, type SmallDevice } from './device.js';

/** A tensor that stays on the device, and the bytes that it takes there. */
interface Held {
  readonly data: TensorData;
  readonly bytes: number;
}

/** Persistent tensors of a small backend, each in memory of its own. */
export class SmallState implements DeviceState {
  readonly #table = new StateTable<Held>();

  constructor(readonly device: SmallDevice) {}

  get tensors(): ReadonlyMap<string, TensorType> {
    return this.#table.tensors;
  }

  async allocate(tensors: Readonly<Record<string, TensorType>>): Promise<void> {
    checkTensorTypes(tensors);
    const wanted = Object.entries(tensors);
    return this.device.turns.take(async () => this.#add(wanted));
  }

  /** Allocates what a graph names and is not there yet. @throws ShapeError, PlanError */
  ensure(persistents: readonly Persistent[]): void {
    this.#add(typesOf(persistents));
  }

  /** @throws ShapeError where a graph names a tensor of another type */
  check(persistents: readonly Persistent[]): void {
    this.device.expectUsable();
    this.#table.missing(typesOf(persistents));
  }

  /** @throws UsageError once it is disposed of */
  expectUsable(): void {
    this.#table.expectUsable();
  }

  held(name: string): Held {
    return this.#table.find(name).storage;
  }

  async write(name: string, data: TensorData, range?: Pick<TensorRange, 'offset'>): Promise<void> {
    this.device.expectUsable();
    const { offset } = this.#table.written(name, data, { range });
    const given = data.slice();
    return this.device.turns.take(async () => this.held(name).data.set(given, offset));
  }

  async read(name: string, range?: TensorRange): Promise<TensorData> {
    this.device.expectUsable();
    const { offset, count } = this.#table.read(name, range);
    return this.device.turns.take(async () => this.held(name).data.slice(offset, offset + count));
  }

  async dispose(): Promise<void> {
    return this.device.turns.take(async () => {
      for (const { bytes } of this.#table.dispose()) this.device.giveState(bytes);
    });
  }

  #add(tensors: readonly (readonly [string, TensorType])[]): void {
    this.device.expectUsable();
    for (const [name, type] of this.#table.missing(tensors)) {
      const bytes = alignUp(byteLength(type), ALIGNMENT);
      this.device.takeState(bytes);
      const memory = new ArrayBuffer(bytes);
      const count = byteLength(type) / Float32Array.BYTES_PER_ELEMENT;
      const kind = type.dtype === 'i32' ? Int32Array : Float32Array;
      this.#table.add(name, type, { data: new kind(memory, 0, count), bytes });
    }
  }
}
