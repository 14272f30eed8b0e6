import {
  alignUp,
  byteLength,
  type DeviceState,
  describeValue,
  type Persistent,
  type Shape,
  ShapeError,
  sameShape,
  UsageError,
} from '@sketchgrad/core';
import type { Region, SharedMemory } from './runtime/shared-memory.js';

interface Held {
  readonly shape: Shape;
  readonly region: Region;
  readonly length: number;
}

/** Persistent tensors in the backend's memory, by name. */
export class CpuState implements DeviceState {
  readonly #held = new Map<string, Held>();

  constructor(private readonly memory: SharedMemory) {}

  get tensors(): ReadonlyMap<string, Shape> {
    return new Map([...this.#held].map(([name, { shape }]) => [name, shape]));
  }

  /** Allocates and clears what a graph names and is not there yet. @throws ShapeError, PlanError */
  ensure(persistents: readonly Persistent[]): void {
    for (const { name, value } of persistents) {
      const known = this.#held.get(name);
      if (known) {
        if (sameShape(known.shape, value.shape)) continue;
        throw new ShapeError(
          `'${name}' is [${value.shape.join(', ')}] in this graph and [${known.shape.join(', ')}] in the state`,
        );
      }
      const bytes = byteLength(value);
      const region = this.memory.allocate(alignUp(bytes), `'${name}'`);
      this.memory.floats(region.address, bytes / 4).fill(0);
      this.#held.set(name, { shape: value.shape, region, length: bytes / 4 });
    }
  }

  /** Bytes that {@link ensure} would allocate. */
  missingBytes(persistents: readonly Persistent[]): number {
    return persistents.reduce(
      (sum, { name, value }) => sum + (this.#held.has(name) ? 0 : alignUp(byteLength(value))),
      0,
    );
  }

  address(name: string): number {
    return this.#get(name).region.address;
  }

  async write(name: string, data: Float32Array): Promise<void> {
    const { region, length } = this.#get(name);
    if (!(data instanceof Float32Array))
      throw new UsageError(
        `'${name}' takes a Float32Array, but it is given ${describeValue(data)}`,
      );
    if (data.length !== length)
      throw new UsageError(`'${name}' has ${length} elements, not ${data.length}`);
    this.memory.floats(region.address, length).set(data);
  }

  async read(name: string): Promise<Float32Array> {
    const { region, length } = this.#get(name);
    return this.memory.floats(region.address, length).slice();
  }

  #get(name: string): Held {
    const held = this.#held.get(name);
    if (!held) throw new UsageError(`the state has no tensor ${describeValue(name)}`);
    return held;
  }
}
