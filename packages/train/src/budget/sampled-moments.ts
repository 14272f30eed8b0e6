import { type GradientEstimator, type Moments, moments, SketchgradError } from '@sketchgrad/core';

/** A variance asked for the tensors themselves. */
class NeedsTensors extends SketchgradError {
  constructor() {
    super('needs-tensors', 'this variance needs the tensors, of which only norms are at hand');
  }
}

/** X and Y of a layer at a step, their rows' squared norms, and ‖YᵀX‖². */
export interface LayerTensors {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly rows: number;
  readonly xNorms: ArrayLike<number>;
  readonly yNorms: ArrayLike<number>;
  readonly gradientNorm: number;
}

/**
 * A layer's moments: of all rows where sums are enough, and of a sample of rows for the variances
 * that need X and Y themselves, which would take long for all.
 */
export class SampledMoments {
  readonly all: Moments;
  readonly #sample: Moments;
  readonly #chosen: ArrayLike<number>;

  /** @param chosen the rows of the sample, drawn without regard to what is in them */
  constructor(
    { x, y, rows, xNorms, yNorms, gradientNorm }: LayerTensors,
    chosen: ArrayLike<number>,
  ) {
    this.all = {
      rows,
      inputs: x.length / rows,
      normProduct: total(xNorms) * total(yNorms),
      gradientNorm,
      rowProducts: total(xNorms, (norm, row) => norm * yNorms[row]!),
      xNorms,
      yNorms,
      tensors: () => {
        throw new NeedsTensors();
      },
    };
    this.#chosen = chosen;
    this.#sample = moments(pickRows(x, rows, chosen), pickRows(y, rows, chosen), chosen.length);
  }

  /**
   * An estimator's variance at these moments: exact, or where it needs the tensors that of the
   * sample times rows / sampled rows, for every variance grows as the rows do at an equal rate.
   *
   * @param priorities as `variance` takes them: [rows]
   */
  variance({ variance, ranksRows }: GradientEstimator, priorities: ArrayLike<number>): number {
    try {
      return ranksRows ? variance(this.all, priorities) : variance(this.all);
    } catch (error) {
      if (!(error instanceof NeedsTensors)) throw error;
      const chosen = Array.from(this.#chosen, (row) => priorities[row]!);
      const found = ranksRows ? variance(this.#sample, chosen) : variance(this.#sample);
      return (found * this.all.rows) / this.#sample.rows;
    }
  }
}

function total(numbers: ArrayLike<number>, of = (number: number, _row: number) => number): number {
  let sum = 0;
  for (let row = 0; row < numbers.length; row++) sum += of(numbers[row]!, row);
  return sum;
}

function pickRows(matrix: Float32Array, rows: number, chosen: ArrayLike<number>): Float32Array {
  const features = matrix.length / rows;
  const picked = new Float32Array(chosen.length * features);
  for (let at = 0; at < chosen.length; at++)
    picked.set(
      matrix.subarray(chosen[at]! * features, (chosen[at]! + 1) * features),
      at * features,
    );
  return picked;
}
