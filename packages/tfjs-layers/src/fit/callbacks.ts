import { checkOptions, type OptionNames, UsageError } from '@sketchgrad/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Logs } from '../metrics/index.js';

type Told<Args extends readonly unknown[]> = (...args: Args) => void | Promise<void>;

/** As TensorFlow.js calls them; what they return is waited for. */
export interface FitCallbacks {
  readonly onTrainBegin?: Told<[]>;
  readonly onTrainEnd?: Told<[]>;
  readonly onEpochBegin?: Told<[epoch: number]>;
  /** @param logs `loss`, metrics, and with validation data the same as `val_loss`, … */
  readonly onEpochEnd?: Told<[epoch: number, logs: Logs]>;
  /** @param batch counted from 0 within its epoch */
  readonly onBatchBegin?: Told<[batch: number]>;
  /** @param logs `batch`, `size`, `loss` and metrics */
  readonly onBatchEnd?: Told<[batch: number, logs: Logs]>;
}

/** A callback of TensorFlow.js, such as `tf.callbacks.earlyStopping()` makes. */
export interface TfCallback extends Required<FitCallbacks> {
  setModel(model: LayersModel): void;
  setParams(params: Readonly<Record<string, unknown>>): void;
}

/** One of either kind, or several. */
export type Callbacks = FitCallbacks | TfCallback | readonly (FitCallbacks | TfCallback)[];

const OWN: OptionNames<FitCallbacks> = {
  ...{ onTrainBegin: true, onTrainEnd: true, onEpochBegin: true, onEpochEnd: true },
  ...{ onBatchBegin: true, onBatchEnd: true },
};

const isOfTensorFlow = (callback: unknown): callback is TfCallback =>
  typeof (callback as Partial<TfCallback> | null)?.setModel === 'function';

/** The callbacks of a run, each told in its turn. */
export class CallbackList {
  readonly #all: readonly (FitCallbacks | TfCallback)[];

  /**
   * @param params what TensorFlow.js tells its callbacks
   * @throws UsageError for a callback that there is not
   */
  constructor(given: Callbacks, model: LayersModel, params: Readonly<Record<string, unknown>>) {
    this.#all = [given as FitCallbacks | readonly FitCallbacks[]].flat();
    for (const callback of this.#all)
      if (isOfTensorFlow(callback)) {
        callback.setParams(params);
        callback.setModel(model);
      } else checkOptions('callbacks', callback, OWN);
    for (const callback of this.#all)
      for (const name of Object.keys(OWN) as (keyof FitCallbacks)[])
        if (callback[name] !== undefined && typeof callback[name] !== 'function')
          throw new UsageError(`callbacks' ${name} must be a function`);
  }

  /** Whether anybody is told. */
  get isAny(): boolean {
    return this.#all.length > 0;
  }

  /** Tells all of them, one after the other. Each has logs of its own: TensorFlow.js' change them. */
  async tell(name: keyof FitCallbacks, at?: number, logs?: Logs): Promise<void> {
    for (const callback of this.#all) {
      const called = callback[name] as Told<[at?: number, logs?: Logs]> | undefined;
      await called?.call(callback, at, { ...logs });
    }
  }
}
