import {
  DataError,
  type DeviceState,
  describeValue,
  elements,
  readFloats,
  type Shape,
} from '@sketchgrad/core';
import type { TensorSource } from '../checkpoints/checkpoint-store.js';

/** What the names of a checkpoint's tensors begin with that hold the best evaluation's weights. */
const PREFIX = 'best.';

interface Tensor {
  readonly name: string;
  readonly shape: Shape;
}

/** The weights of a run's best evaluation, held on the host. */
export class BestWeights {
  readonly #tensors: readonly Tensor[];
  readonly #held = new Map<string, Float32Array>();

  /** @param tensors parameters, and what a step changes without a gradient */
  constructor(tensors: readonly Tensor[]) {
    this.#tensors = tensors;
  }

  /** Takes the state's in place of those that it holds. */
  async take(state: DeviceState): Promise<void> {
    for (const { name } of this.#tensors) this.#held.set(name, await readFloats(state, name));
  }

  /** Puts them into the state; the state stays as it is before the first evaluation. */
  async giveBack(state: DeviceState): Promise<void> {
    for (const [name, data] of this.#held) await state.write(name, data);
  }

  /** What a checkpoint keeps of them. */
  saved(): TensorSource[] {
    return this.#tensors.flatMap(({ name, shape }): TensorSource[] => {
      const data = this.#held.get(name);
      return data ? [{ name: PREFIX + name, shape, dtype: 'f32', read: () => data }] : [];
    });
  }

  /** Whether a checkpoint's tensor is one of `saved`. */
  static owns(name: string): boolean {
    return name.startsWith(PREFIX);
  }

  /** Takes back a tensor of `saved`. @throws DataError for one that is of no parameter */
  restore(file: string, name: string, data: Float32Array): void {
    const own = name.slice(PREFIX.length);
    const tensor = this.#tensors.find((each) => each.name === own);
    if (!tensor || data.length !== elements({ dtype: 'f32', shape: tensor.shape }))
      throw new DataError(
        file,
        `has a tensor ${describeValue(name)} that is of no weight of the model`,
      );
    this.#held.set(own, data);
  }

  /** After all of `saved` are back. @throws DataError where some are missing */
  checkRestored(file: string, isEvaluated: boolean): void {
    const wanted = isEvaluated ? this.#tensors.length : 0;
    if (this.#held.size !== wanted)
      throw new DataError(
        file,
        `has ${this.#held.size} tensors of the best weights, not ${wanted}`,
      );
  }
}
