import {
  byteLength,
  type DeviceState,
  ELEMENT_BYTES,
  type Persistent,
  type TensorData,
  type TensorRange,
  type TensorType,
} from '@sketchgrad/core';
import { checkTensorTypes, StateTable, typesOf } from '@sketchgrad/core/backend';
import type { Device } from './device.js';
import type { Range } from './lowering.js';
import { readBack } from './read-back.js';
import { accepted } from './refusals.js';

/** Tensors that stay on a GPU between runs, each in a buffer of its own. */
export class WebgpuState implements DeviceState {
  readonly #table = new StateTable<Range>();
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
    return this.device.take(() => this.#added(wanted));
  }

  /** Allocates what a graph names and is not there yet. @throws ShapeError, PlanError */
  ensure(persistents: readonly Persistent[]): Promise<void> {
    return this.#added(typesOf(persistents));
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

  range(name: string): Range {
    return this.#table.find(name).storage;
  }

  async write(name: string, data: TensorData, range?: Pick<TensorRange, 'offset'>): Promise<void> {
    this.device.expectUsable();
    const { offset } = this.#table.written(name, data, { range });
    const given = data.slice();
    return this.device.take(async () => {
      const { buffer } = this.range(name).slot;
      const { queue } = this.device.gpu;
      queue.writeBuffer(buffer, offset * ELEMENT_BYTES, given as GPUAllowSharedBufferSource);
    });
  }

  async read(name: string, range?: TensorRange): Promise<TensorData> {
    this.device.expectUsable();
    const { offset, count } = this.#table.read(name, range);
    return this.device.take(async () => {
      const { type, storage } = this.#table.find(name);
      const part = { ...storage, offset: offset * ELEMENT_BYTES, bytes: count * ELEMENT_BYTES };
      const bytes = await readBack(this.device.gpu, part);
      return type.dtype === 'i32' ? new Int32Array(bytes) : new Float32Array(bytes);
    });
  }

  async dispose(): Promise<void> {
    return this.device.turns.take(async () => this.free());
  }

  free(): void {
    for (const { slot } of this.#table.dispose()) slot.buffer.destroy();
    this.device.giveState(this.#bytes);
    this.#bytes = 0;
    this.device.remove(this);
    this.device.release();
  }

  /** @throws BackendError where the GPU does not have the memory */
  #added(tensors: readonly (readonly [string, TensorType])[]): Promise<void> {
    return accepted(this.device.gpu, () => this.#add(tensors));
  }

  #add(tensors: readonly (readonly [string, TensorType])[]): void {
    const { device } = this;
    device.expectUsable();
    for (const [name, type] of this.#table.missing(tensors)) {
      const bytes = device.bytesOf(name, type);
      device.takeState(bytes);
      this.#bytes += bytes;
      const buffer = device.createTensor(bytes, name);
      this.#table.add(name, type, { slot: { buffer }, offset: 0, bytes: byteLength(type) });
    }
  }
}
