import { BackendError } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from '../tensors/tf.js';

/** Where TensorFlow.js may run, by the names that `createBackend` takes, the fastest first. */
export const PLATFORM_NAMES = ['node-gpu', 'node', 'webgpu', 'webgl', 'wasm', 'cpu'] as const;
export type PlatformName = (typeof PLATFORM_NAMES)[number];

/** What platforms differ in, as far as lowerings care. */
export interface Abilities {
  /** Whole numbers in a tensor are exact up to so many bits: fewer where they lie in floats. */
  readonly wholeNumberBits: 24 | 32;
  /** Products of two matrices are many times slower where one is to be transposed than if it lies so. */
  readonly transposesFirst: boolean;
  /** What the device made can be read while something runs, and not only once what was asked of it is done. */
  readonly readsAtOnce: boolean;
  /**
   * Adam's update in place, where the platform has an op for it.
   * @param state parameter, first and second moments; disposed of
   * @returns what they have become
   */
  readonly adam?: (
    tf: Tf,
    state: readonly Tensor[],
    gradient: Tensor,
    rates: AdamRates,
  ) => readonly Tensor[];
}

/** p ← p − step · m / (√v + epsilon), m and v the moments by β₁ and β₂. */
export interface AdamRates {
  readonly step: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** One of TensorFlow.js's backends, and the package that it comes in. */
export interface Platform {
  readonly name: PlatformName;
  /** What TensorFlow.js calls it. */
  readonly backend: string;
  readonly abilities: Abilities;
  /** What its tensors may take in all, whatever the machine has; without limit unless given. */
  readonly mostBytes?: number;
  /**
   * Imports its package, which registers it with TensorFlow.js, and gives the module that it is
   * registered with. @throws BackendError, with what to install, where it is not there
   */
  load(): Promise<Tf>;
  /** Readies the backend that was started, for as long as the program runs. */
  prepare?(tf: Tf): void;
  /** Whether its device is gone, and what was in its memory with it. */
  isLost?(tf: Tf): boolean;
}

/** The version of TensorFlow.js that this package is written for and tested with. */
const VERSION = '4.22.0';

/**
 * What to do where a package cannot be imported: to be handed to the import's `catch`, so that bundlers
 * let it be missing.
 * @param remedy what helps where it is not there; to install it, unless given
 */
export const missing =
  (
    platform: PlatformName,
    name: string,
    remedy = `not installed; add it with: npm install ${name}@${VERSION}`,
  ) =>
  (cause: unknown): never => {
    const { code, message } = cause as { code?: unknown; message?: unknown };
    const absent =
      String(message).includes(name) &&
      (code === 'ERR_MODULE_NOT_FOUND' ||
        code === 'MODULE_NOT_FOUND' ||
        cause instanceof TypeError);
    throw new BackendError(
      absent
        ? `the platform '${platform}' of the tfjs backend needs ${name}, which is ${remedy}`
        : `the platform '${platform}' of the tfjs backend could not load ${name}: ${String(message)}`,
      { cause },
    );
  };

/** A module as CommonJS exports it, which an import may give as its `default`. */
export const unwrapped = (module: object): Tf =>
  ('engine' in module ? module : (module as { default: unknown }).default) as Tf;
