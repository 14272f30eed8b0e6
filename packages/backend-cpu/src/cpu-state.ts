import {
  alignUp,
  byteLength,
  type DeviceState,
  elements,
  type Persistent,
  type TensorData,
  type TensorRange,
  type TensorType,
} from '@sketchgrad/core';
import { checkTensorTypes, StateTable, type Turns, typesOf } from '@sketchgrad/core/backend';
import type { Region, SharedMemory } from './runtime/shared-memory.js';

/** Persistent tensors in the backend's memory, by name. */
export class CpuState implements DeviceState {
  readonly #table = new StateTable<Region>();

  /** @param expectUsable throws once the backend is disposed of */
  constructor(
    readonly memory: SharedMemory,
    private readonly turns: Turns,
    private readonly expectUsable: () => void,
  ) {}

  get tensors(): ReadonlyMap<string, TensorType> {
    return this.#table.tensors;
  }

  async allocate(tensors: Readonly<Record<string, TensorType>>): Promise<void> {
    checkTensorTypes(tensors);
    const wanted = Object.entries(tensors);
    return this.turns.take(async () => this.#add(this.#missing(wanted)));
  }

  /** Allocates and clears what a graph names and is not there yet. @throws ShapeError, PlanError */
  ensure(persistents: readonly Persistent[]): void {
    this.#add(this.#missing(typesOf(persistents)));
  }

  /** Bytes of each tensor that {@link ensure} would allocate, in its order. @throws ShapeError */
  missingBytes(persistents: readonly Persistent[]): number[] {
    return this.#missing(typesOf(persistents)).map(([, type]) => alignUp(byteLength(type)));
  }

  address(name: string): number {
    return this.#table.find(name).storage.address;
  }

  /** @throws UsageError once it is disposed of */
  expectHeld(): void {
    this.#table.expectUsable();
  }

  async write(name: string, data: TensorData, range?: Pick<TensorRange, 'offset'>): Promise<void> {
    this.expectUsable();
    const { offset } = this.#table.written(name, data, { range });
    const given = this.turns.idle ? data : data.slice();
    return this.turns.take(async () => this.#view(name).set(given, offset));
  }

  async read(name: string, range?: TensorRange): Promise<TensorData> {
    this.expectUsable();
    const { offset, count } = this.#table.read(name, range);
    return this.turns.take(async () => this.#view(name).slice(offset, offset + count));
  }

  async dispose(): Promise<void> {
    return this.turns.take(async () => {
      for (const region of this.#table.dispose()) this.memory.free(region);
    });
  }

  #missing(tensors: Iterable<readonly [string, TensorType]>): [string, TensorType][] {
    this.expectUsable();
    return this.#table.missing(tensors);
  }

  #add(tensors: readonly (readonly [string, TensorType])[]): void {
    for (const [name, type] of tensors) {
      const region = this.memory.allocate(alignUp(byteLength(type)), `'${name}'`);
      this.memory.integers(region.address, elements(type)).fill(0);
      this.#table.add(name, type, region);
    }
  }

  #view(name: string): TensorData {
    const { type, storage } = this.#table.find(name);
    return type.dtype === 'i32'
      ? this.memory.integers(storage.address, elements(type))
      : this.memory.floats(storage.address, elements(type));
  }
}
