import type { TensorData } from '@sketchgrad/core';
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { Host } from './host/host.js';
import type { LoweringContext } from './lowering.js';
import type { Abilities } from './platforms/platform.js';
import type { Slot } from './state.js';
import type { Watch } from './tensors/counted.js';
import { type Tf, viewOf } from './tensors/tf.js';

/** What is known here of tensors' numbers, for as long as they are alive. */
export class HostCopies {
  readonly #copies = new WeakMap<object, TensorData>();
  readonly #checked = new WeakMap<object, Set<string>>();

  /** @param data its numbers, not to be changed */
  add({ dataId }: Tensor, data: TensorData): void {
    this.#copies.set(dataId, data);
  }

  find({ dataId }: Tensor): TensorData | undefined {
    return this.#copies.get(dataId);
  }

  /** What of a tensor was checked already. */
  checked({ dataId }: Tensor): Set<string> {
    const known = this.#checked.get(dataId) ?? new Set();
    this.#checked.set(dataId, known);
    return known;
  }
}

/** Thrown where numbers are asked for that have to be waited for: what is asked for is run again then. */
export class NotHere extends Error {
  constructor(readonly tensor: Tensor) {
    super('what the device made is read later');
  }
}

/** What the contexts of an executable's nodes share. */
export interface Shared {
  /** TensorFlow.js's module as it is. */
  readonly device: Tf;
  /** The same, its ops counted. */
  readonly tf: Tf;
  readonly watch: Watch;
  readonly abilities: Abilities;
  readonly host: Host;
  readonly copies: HostCopies;
}

/**
 * What the lowering of one node works with.
 * @param slots where the node's inputs are
 */
export function contextOf(shared: Shared, slots: readonly Slot[]): LoweringContext {
  const { device, tf, watch, abilities, host, copies } = shared;
  const read = (tensor: Tensor): TensorData => {
    const known = copies.find(tensor);
    if (known) return known;
    if (!abilities.readsAtOnce) throw new NotHere(tensor);
    return tensor.dataSync() as TensorData;
  };
  return {
    ...{ tf, abilities, host, read },
    kernel(name, inputs, attributes = {}) {
      const made = device.engine().runKernel(name, { ...inputs }, attributes as NamedAttrMap);
      watch.look();
      return made as Tensor;
    },
    view: (tensor, shape) => viewOf(device, tensor, shape),
    scalar: (value) => tf.scalar(value, 'float32'),
    upload: (data, shape = [data.length]) =>
      tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
    check(tensor, what, check) {
      const checked = copies.checked(tensor);
      if (checked.has(what)) return;
      check(read(tensor));
      checked.add(what);
    },
    update(input, tensor) {
      const slot = slots[input]!;
      slot.tensor!.dispose();
      slot.tensor = device.keep(tensor);
    },
  };
}
