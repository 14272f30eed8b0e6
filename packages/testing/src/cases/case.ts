import type { Value } from '@sketchgrad/core';
import type { Drawn } from '../data.js';

/** Values of a case's inputs and state, by name. */
export type Arguments = Readonly<Record<string, Value>>;

/** One application of an op to inputs of given shapes. */
export interface OperationCase {
  readonly op: string;
  /** What tells it from the op's other cases. */
  readonly name: string;
  /** Asked where `subnormals` is claimed alone: it has numbers that are not 0 but below 2⁻¹²⁶. */
  readonly subnormal?: boolean;
  /** In the order of the op's own inputs as far as those can be overwritten. */
  readonly inputs: Readonly<Record<string, Drawn>>;
  /** Persistent tensors: written before the run, compared after it. */
  readonly state?: Readonly<Record<string, Drawn>>;
  /** Builds the op; its results are compared. */
  build(values: Arguments): readonly Value[];
}

/** A shape in a case's name. */
export const named = (...shapes: readonly (readonly number[])[]): string =>
  shapes.map((shape) => `[${shape.join(', ')}]`).join(' ');
