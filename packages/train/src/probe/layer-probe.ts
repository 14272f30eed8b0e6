import {
  type Backend,
  dense,
  ELEMENT_BYTES,
  estimatorOf,
  type GradientEstimator,
  type LayerEstimators,
  type LinearLayer,
  type Moments,
  priorityInput,
  probed,
  probedErrors,
  probedMoments,
  sgdVarianceByExample,
  type TensorData,
  theoremTerms,
  UsageError,
} from '@sketchgrad/core';
import { averageDraws, DRAWS, isKnown } from './average-draws.js';
import { nearLayers } from './near-layers.js';
import type { ProbeOptions, ProbeRecord } from './options.js';

const DENSE = dense();

/** Null of a batch of one example, which is no sample. */
const byExample = (moments: Moments): number | null =>
  (moments.examples?.count ?? moments.rows) > 1 ? sgdVarianceByExample(moments) : null;

type Tensors = Readonly<Record<string, TensorData>>;

/** The layers of a run that are observed. */
export class LayerProbe {
  readonly #layers: readonly LinearLayer[];
  readonly #backend: Backend;
  readonly #warn: (message: string) => void;

  /**
   * @param all every layer of the model; the backend draws further where a variance's error asks for
   * it, and `warn` is told where that was not enough
   * @throws UsageError for a layer that the model has not
   */
  constructor(
    readonly options: ProbeOptions,
    all: readonly LinearLayer[],
    { backend, warn }: { readonly backend: Backend; readonly warn: (message: string) => void },
  ) {
    this.#backend = backend;
    this.#warn = warn;
    this.#layers = options.layers.map((name) => {
      const found = all.find((layer) => layer.name === name);
      if (found) return found;
      const near = nearLayers(
        name,
        all.map((layer) => layer.name),
      );
      throw new UsageError(
        `there is no layer '${name}' to probe; there are ${all.length}, among them ${near.join(', ')}`,
      );
    });
  }

  /** What a run's layers keep where those of the probe are observed. */
  estimators(trained: GradientEstimator | LayerEstimators | undefined): LayerEstimators {
    const { layers, estimator, measured } = this.options;
    return (layer) => {
      const own = trained && estimatorOf(trained, layer);
      if (!layers.includes(layer.name)) return own ?? DENSE;
      return probed({
        layer: layer.name,
        ...(layer.starts && { starts: layer.starts }),
        ...(layer.used && { used: layer.used }),
        estimators: [estimator],
        draws: DRAWS,
        matrices: estimator.varianceError !== undefined,
        ...(measured === undefined ? {} : { measured }),
        // Dense layers are trained with the exact gradient, which the probe has formed.
        ...(own && own.name !== DENSE.name ? { trained: own } : {}),
      });
    };
  }

  /**
   * What a probed step tells.
   *
   * @param step updates made, this one included
   * @param inputs what the step was given, with its guesses of rows' norms
   * @throws UsageError where a sum overflowed; what the backend throws
   */
  async *records(step: number, inputs: Tensors, outputs: Tensors): AsyncIterable<ProbeRecord> {
    const { estimator } = this.options;
    for (const { name, inputs: features } of this.#layers) {
      const moments = probedMoments(outputs, {
        layer: name,
        inputs: features,
        estimators: [estimator],
      });
      const guesses = estimator.ranksRows ? inputs[priorityInput(name)] : undefined;
      const errors = probedErrors(outputs, name);
      // A sketch's p; for what keeps no rows, as many as its bytes would hold.
      const rows = estimator.bytes([moments.rows, features]) / (features * ELEMENT_BYTES);
      const { variance, error } = estimator.varianceError
        ? await averageDraws(this.#backend, {
            layer: name,
            inputs: features,
            estimator,
            outputs,
            step,
          })
        : { variance: estimator.variance(moments, guesses), error: 0 };
      if (!isKnown({ variance, error }))
        this.#warn(
          `the variance of '${name}' at step ${step}, ${variance.toPrecision(3)}, is an average over draws ` +
            `with a standard error of ${((100 * error) / variance).toPrecision(2)} %, more than 2 %`,
        );
      const { dSgd2, dRmm2Published, dRmm2, ...terms } = theoremTerms(moments, variance, rows);
      const dRmm2Measured = errors.length
        ? errors.reduce((sum, error) => sum + error, 0) / errors.length
        : null;
      const dSgd2ByExample = byExample(moments);
      const rmm = { dRmm2Published, dRmm2, dRmm2Error: error, dRmm2Measured };
      const variances = { dSgd2, dSgd2ByExample, ...rmm };
      yield { step, layer: name, ...variances, ...terms };
    }
  }
}
