import {
  type DeviceState,
  elements,
  type Persistent,
  type TensorData,
  type TensorRange,
  type TensorType,
} from '@sketchgrad/core';
import { checkTensorTypes, StateTable, typesOf } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Device } from './device.js';

/** Where a tensor is: an update puts another one there. */
export interface Slot {
  tensor: Tensor | undefined;
}

/** Tensors that stay on a platform of TensorFlow.js between runs. */
export class TfjsState implements DeviceState {
  readonly #table = new StateTable<Slot>();
  #bytes = 0;

  constructor(readonly device: Device) {
    device.add(this);
  }

  get tensors(): ReadonlyMap<string, TensorType> {
    return this.#table.tensors;
  }

  async allocate(tensors: Readonly<Record<string, TensorType>>): Promise<void> {
    checkTensorTypes(tensors);
    const wanted = Object.entries(tensors);
    return this.device.take(async () => this.#add(wanted));
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

  slot(name: string): Slot {
    return this.#table.find(name).storage;
  }

  async write(name: string, data: TensorData, range?: Pick<TensorRange, 'offset'>): Promise<void> {
    this.device.expectUsable();
    const { offset } = this.#table.written(name, data, { range });
    const given = data.slice();
    return this.device.take(async () => {
      const { type, storage } = this.#table.find(name);
      const whole = given.length === elements(type);
      const numbers = whole ? given : await this.device.download(storage.tensor!);
      if (!whole) numbers.set(given, offset);
      storage.tensor!.dispose();
      storage.tensor = this.device.upload(numbers, type);
    });
  }

  async read(name: string, range?: TensorRange): Promise<TensorData> {
    this.device.expectUsable();
    const { offset, count } = this.#table.read(name, range);
    return this.device.take(async () => {
      const numbers = await this.device.download(this.slot(name).tensor!);
      return numbers.length === count ? numbers : numbers.slice(offset, offset + count);
    });
  }

  async dispose(): Promise<void> {
    return this.device.release(async () => this.free());
  }

  free(): void {
    for (const { tensor } of this.#table.dispose()) tensor!.dispose();
    this.device.giveState(this.#bytes);
    this.#bytes = 0;
    this.device.remove(this);
  }

  #add(tensors: readonly (readonly [string, TensorType])[]): void {
    this.device.expectUsable();
    for (const [name, type] of this.#table.missing(tensors)) {
      const bytes = this.device.bytesOf(type);
      this.device.takeState(bytes);
      this.#bytes += bytes;
      const numbers = new (type.dtype === 'i32' ? Int32Array : Float32Array)(elements(type));
      this.#table.add(name, type, { tensor: this.device.upload(numbers, type) });
    }
  }
}
