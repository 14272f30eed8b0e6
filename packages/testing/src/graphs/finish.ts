import {
  accumulate,
  adamw,
  add,
  backward,
  clipFactor,
  input,
  inStage,
  persistent,
  squaredNorm,
  type Value,
} from '@sketchgrad/core';

const nameOf = (parameter: Value): string => String(parameter.node.attributes.name);

const update = (parameter: Value, gradient: Value, settings: Value, factor?: Value): void => {
  const name = nameOf(parameter);
  const first = persistent(`${name}.first`, parameter.shape, 'optimizer');
  const second = persistent(`${name}.second`, parameter.shape, 'optimizer');
  adamw([parameter, gradient, first, second, settings, ...(factor ? [factor] : [])], {
    decay: !name.endsWith('bias'),
  });
};

/** What becomes of a step's gradients. */
export const FINISHES = {
  /** They are returned. */
  gradients(loss: Value, parameters: readonly Value[]): Record<string, Value> {
    const gradients: Record<string, Value> = {};
    backward(loss, parameters, (parameter, gradient) => {
      gradients[`gradient.${nameOf(parameter)}`] = gradient;
    });
    return gradients;
  },
  /** Each updates its parameter as soon as it is complete. */
  adamw(loss: Value, parameters: readonly Value[]): Record<string, Value> {
    const settings = input('settings', [8]);
    backward(loss, parameters, (parameter, gradient) => update(parameter, gradient, settings));
    return {};
  },
  /** The same after clipping all of them by their global norm. */
  clipped(loss: Value, parameters: readonly Value[]): Record<string, Value> {
    const settings = input('settings', [8]);
    const complete: [Value, Value][] = [];
    backward(loss, parameters, (...pair) => complete.push(pair));
    return inStage('update', () => {
      const squared = complete.map(([, gradient]) => squaredNorm(gradient)).reduce(add);
      const factor = clipFactor(squared, settings, 0.05);
      for (const [parameter, gradient] of complete) update(parameter, gradient, settings, factor);
      return { squared };
    });
  },
  /** They are added to accumulators. */
  accumulated(loss: Value, parameters: readonly Value[]): Record<string, Value> {
    backward(loss, parameters, (parameter, gradient) =>
      accumulate(
        persistent(`${nameOf(parameter)}.gradient`, parameter.shape, 'accumulator'),
        gradient,
      ),
    );
    return {};
  },
} as const;

export type Finish = keyof typeof FINISHES;

/**
 * AdamW's settings at a step counted from 0. Its ε is large, so that rounding in a gradient that is
 * nearly 0 does not turn into a step of full size.
 */
export const SETTINGS = (step: number): Float32Array =>
  Float32Array.of(0.01, 0.9, 0.98, 1e-2, 0.1, 1 - 0.9 ** (step + 1), 1 - 0.98 ** (step + 1), 1);
