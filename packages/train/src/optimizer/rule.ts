import { persistent, reshape, slice, type Value } from '@sketchgrad/core';

/** Names of the tensors that training keeps beside a parameter, all of its shape. */
export const stateNames = (parameter: string) => ({
  first: `${parameter}.first`,
  second: `${parameter}.second`,
  gradient: `${parameter}.gradient`,
});

/** What an optimizer may keep of a parameter's gradients. */
export type Moment = 'first' | 'second';

/** A parameter's moment, f32 of its shape: a tensor of the state. */
export const momentOf = (parameter: string, value: Value, moment: Moment): Value =>
  persistent(stateNames(parameter)[moment], value.shape, 'optimizer');

/** A parameter that is to be updated. */
export interface Updated {
  readonly name: string;
  /** f32, any shape. */
  readonly value: Value;
  /** f32 of its shape, as it is to be taken. */
  readonly gradient: Value;
  /** f32 []. */
  readonly learningRate: Value;
}

/** How parameters are updated from their gradients, in terms of ops that there are. */
export interface UpdateRule<O> {
  /** The constants with the defaults filled in. @throws UsageError for one out of its range */
  resolve(options: object): O;
  /** What it keeps, both from 0 on. */
  moments(constants: O): readonly Moment[];
  /** Traces the update of one parameter in place. */
  update(constants: O, of: Updated): void;
}

/** One of an update's settings, f32 []. */
export const settingOf = (settings: Value, index: number): Value =>
  reshape(slice(settings, { axis: 0, begin: index, size: 1 }), []);
