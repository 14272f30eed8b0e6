import {
  alignUp,
  byteLength,
  DeviceLostError,
  formatBytes,
  formatType,
  PlanError,
  type PlanOptions,
  type TensorType,
  UsageError,
} from '@sketchgrad/core';
import { Turns } from '@sketchgrad/core/backend';
import { Arena } from './arena.js';
import { COPY_DESTINATION, COPY_SOURCE, STORAGE } from './gpu-flags.js';
import type { Abilities, Range } from './lowering.js';
import { lowerings } from './lowerings/index.js';
import { type Pipelines, pipelinesOf } from './pipelines.js';

/** What of a device is alive, to be freed with it. */
interface Disposable {
  free(): void;
}

/** As many arrays as a kernel may have that are bound to nothing. */
const NOTHINGS = 16;

/** What is known of a device beforehand. */
export interface DeviceOptions {
  readonly memoryBytes: number;
  /** The largest buffer that a tensor may lie in. */
  readonly bufferBytes: number;
  readonly alignment: number;
  /** Which of a kernel's variants runs: see {@link Abilities}. */
  readonly sharing: boolean;
}

/** What all states and executables of a backend share: a device of WebGPU's. */
export class Device {
  readonly turns = new Turns();
  readonly arena: Arena;
  readonly pipelines: Pipelines;
  readonly abilities: Abilities;
  /** How steps are planned for it. */
  readonly planOptions: PlanOptions;
  readonly #alive = new Set<Disposable>();
  readonly #tables = new Map<string, Range>();
  readonly #unfinished = new Set<Promise<unknown>>();
  readonly #lost: Promise<never>;
  #lostBecause: string | undefined;
  #nothing: Range | undefined;
  #stateBytes = 0;
  #disposed = false;

  constructor(
    readonly gpu: GPUDevice,
    readonly options: DeviceOptions,
  ) {
    const { alignment, bufferBytes, sharing } = options;
    this.arena = new Arena(gpu);
    this.pipelines = pipelinesOf(gpu);
    this.abilities = { sharing };
    this.planOptions = {
      alignment,
      maxBufferBytes: Math.floor(bufferBytes / alignment) * alignment,
      scratchBytes: (node) =>
        (lowerings.get(node.op.name)?.scratch?.(node, this.abilities) ?? [])
          .map((bytes) => this.aligned(bytes))
          .reduce((sum, bytes) => sum + bytes, 0),
    };
    this.#lost = gpu.lost.then(({ reason, message }) => {
      this.#lostBecause = message || reason;
      throw this.#lostError();
    });
    // Whoever waits for it is told; nobody has to.
    this.#lost.catch(() => undefined);
  }

  aligned(bytes: number): number {
    return alignUp(bytes, this.options.alignment);
  }

  /** Does something in its turn. @throws DeviceLostError where the device is gone before it or after it */
  take<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.take(async () => {
      this.#expectThere();
      return this.orLost(work());
    });
  }

  /** What is waited for, or the error that says that the device is gone. */
  async orLost<T>(work: Promise<T>): Promise<T> {
    try {
      return await Promise.race([work, this.#lost]);
    } catch (error) {
      this.#expectThere();
      throw error;
    } finally {
      // Dawn lets what waits for a lost device end as if all were well.
      await Promise.resolve();
      this.#expectThere();
    }
  }

  /** Has something waited for before the device is disposed of. */
  finishing<T>(work: Promise<T>): Promise<T> {
    this.#unfinished.add(work);
    const done = () => this.#unfinished.delete(work);
    work.then(done, done);
    return work;
  }

  /** Bytes that a tensor takes. @throws PlanError where no buffer holds it */
  bytesOf(name: string, type: TensorType): number {
    const bytes = this.aligned(byteLength(type));
    const most = this.planOptions.maxBufferBytes!;
    if (bytes <= most) return bytes;
    throw new PlanError(
      `'${name}', ${formatType(type)}, takes ${formatBytes(bytes)}; one buffer of the device takes ${formatBytes(most)} at most`,
      bytes,
      most,
    );
  }

  /** A buffer for a tensor that stays, filled with zeros. */
  createTensor(bytes: number, label: string): GPUBuffer {
    return this.gpu.createBuffer({
      label,
      size: Math.max(this.aligned(bytes), this.options.alignment),
      usage: STORAGE | COPY_SOURCE | COPY_DESTINATION,
    });
  }

  /** Numbers that never change, uploaded the first time. */
  table(name: string, make: () => Float32Array | Int32Array | Uint32Array): Range {
    const known = this.#tables.get(name);
    if (known) return known;
    const data = make();
    const buffer = this.createTensor(data.byteLength, name);
    this.gpu.queue.writeBuffer(buffer, 0, data as GPUAllowSharedBufferSource);
    const range = { slot: { buffer }, offset: 0, bytes: data.byteLength };
    this.#tables.set(name, range);
    return range;
  }

  /** Memory for the operand of a kernel that does not look at it; one for each of a kernel's operands. */
  nothing(operand: number): Range {
    const { alignment } = this.options;
    this.#nothing ??= {
      slot: { buffer: this.createTensor(NOTHINGS * alignment, 'nothing') },
      offset: 0,
      bytes: NOTHINGS * alignment,
    };
    return { slot: this.#nothing.slot, offset: operand * alignment, bytes: alignment };
  }

  /** @throws PlanError where states would take more than the memory */
  takeState(bytes: number): void {
    const needed = this.#stateBytes + bytes;
    const { memoryBytes } = this.options;
    if (needed > memoryBytes)
      throw new PlanError(
        `states take ${formatBytes(needed)}; there are ${formatBytes(memoryBytes)} of memory`,
        needed,
        memoryBytes,
      );
    this.#stateBytes = needed;
  }

  giveState(bytes: number): void {
    this.#stateBytes -= bytes;
  }

  /** Has something freed with the device. */
  add(one: Disposable): void {
    this.#alive.add(one);
  }

  remove(one: Disposable): void {
    this.#alive.delete(one);
  }

  /** Memory that is given back is free once something is submitted. */
  release(): void {
    if (this.#lostBecause === undefined && !this.#disposed) this.gpu.queue.submit([]);
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    await Promise.allSettled(this.#unfinished);
    this.#disposed = true;
    for (const one of this.#alive) one.free();
    this.#alive.clear();
    this.arena.free();
    for (const { slot } of this.#tables.values()) slot.buffer.destroy();
    this.#nothing?.slot.buffer.destroy();
    this.gpu.queue.submit([]);
  }

  #expectThere(): void {
    if (this.#lostBecause !== undefined && !this.#disposed) throw this.#lostError();
  }

  #lostError(): DeviceLostError {
    return new DeviceLostError(
      `the webgpu backend's device is gone (${this.#lostBecause}), and every state with it: make a new backend, and go on from a checkpoint`,
    );
  }

  /** @throws UsageError once it is disposed of */
  expectUsable(): void {
    if (this.#disposed) throw new UsageError('the webgpu backend was disposed of');
  }
}
