import {
  BackendError,
  DeviceLostError,
  elements,
  formatBytes,
  PlanError,
  type PlanOptions,
  type TensorData,
  type TensorType,
  UsageError,
} from '@sketchgrad/core';
import { Turns } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Host } from './host/host.js';
import { lowerings } from './lowerings/index.js';
import type { Platform } from './platforms/platform.js';
import type { Tf } from './tensors/tf.js';

/** Bytes of an element, of either dtype. */
const ELEMENT_BYTES = 4;

const turns = new WeakMap<object, Turns>();

/** An engine does one thing at a time, whichever backends share it. */
export function turnsOf(tf: Tf): Turns {
  const engine = tf.engine();
  const known = turns.get(engine) ?? new Turns();
  turns.set(engine, known);
  return known;
}

/** What of a device is alive, to be freed with it. */
interface Disposable {
  free(): void;
}

/** What all states and executables of a backend share: TensorFlow.js on a platform. */
export class Device {
  readonly turns: Turns;
  /** How steps are planned for it. */
  readonly planOptions: PlanOptions;
  readonly #alive = new Set<Disposable>();
  #stateBytes = 0;
  #disposed = false;

  constructor(
    readonly tf: Tf,
    readonly platform: Platform,
    readonly host: Host,
    private readonly memoryBytes: number,
  ) {
    this.turns = turnsOf(tf);
    this.planOptions = {
      alignment: ELEMENT_BYTES,
      apart: true,
      mayOverwrite: () => false,
      scratchBytes: (node) =>
        lowerings.get(node.op.name)?.scratchBytes?.(node, platform.abilities) ?? 0,
      storageBytes: (type) => this.bytesOf(type),
    };
  }

  /** Bytes that a tensor takes. */
  bytesOf(type: TensorType): number {
    return elements(type) * ELEMENT_BYTES;
  }

  /**
   * Does something in its turn, with TensorFlow.js's backend set to the platform's while it lasts.
   * @throws DeviceLostError where the device is gone before it or after it
   */
  async take<T>(work: () => Promise<T>): Promise<T> {
    return this.release(async () => {
      this.#expectThere();
      try {
        return await work();
      } finally {
        // What was computed meanwhile is nothing, and what failed did for that.
        this.#expectThere();
      }
    });
  }

  /** {@link take} for what gives memory back, be the device gone or not. */
  release<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.take(async () => {
      // By now the caller's scopes and tapes of TensorFlow.js have ended.
      await Promise.resolve();
      const { tf, platform } = this;
      const before = tf.getBackend();
      if (before !== platform.backend) await tf.setBackend(platform.backend);
      try {
        return await work();
      } finally {
        if (before && before !== platform.backend) await tf.setBackend(before);
      }
    });
  }

  /** A tensor that stays until it is disposed of. @param data not to be changed afterwards */
  upload(data: TensorData, { shape, dtype }: TensorType): Tensor {
    const { tf } = this;
    return tf.keep(tf.tensor(data, [...shape], dtype === 'i32' ? 'int32' : 'float32'));
  }

  /** A copy of a tensor's numbers. */
  async download(tensor: Tensor): Promise<TensorData> {
    return ((await tensor.data()) as TensorData).slice();
  }

  /** @throws PlanError where states would take more than the memory */
  takeState(bytes: number): void {
    const needed = this.#stateBytes + bytes;
    if (needed > this.memoryBytes)
      throw new PlanError(
        `states take ${formatBytes(needed)}; there are ${formatBytes(this.memoryBytes)} of memory`,
        needed,
        this.memoryBytes,
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

  dispose(): void {
    this.#disposed = true;
    for (const one of this.#alive) one.free();
    this.#alive.clear();
  }

  #expectThere(): void {
    const { tf, platform } = this;
    if (!platform.isLost?.(tf)) return;
    throw new DeviceLostError(
      `the graphics device of the tfjs backend's ${platform.name} is gone, and every state with it: load the page again, and go on from a checkpoint`,
    );
  }

  /** @throws UsageError once it is disposed of */
  expectUsable(): void {
    if (this.#disposed) throw new UsageError('the tfjs backend was disposed of');
  }

  /** What failed in TensorFlow.js, in words that say where. */
  failed(where: string, cause: unknown): BackendError {
    const message = cause instanceof Error ? cause.message : String(cause);
    return new BackendError(`${where} on the tfjs backend's ${this.platform.name}: ${message}`, {
      cause,
    });
  }
}
