import { checkCount, checkOneOf, checkWord, describeValue, UsageError } from '@sketchgrad/core';
import {
  add,
  customGrad,
  matMul,
  reshape,
  serialization,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import { type Draw, type RowSketch, SKETCHES, sketchRows } from './sketch-rows.js';

type LayerArguments = ConstructorParameters<typeof layers.Layer>[0];

export interface RmmDenseOptions extends NonNullable<LayerArguments> {
  readonly units: number;
  /** The share of rows that is kept, in (0, 1]. */
  readonly rate: number;
  /** `count` unless given. */
  readonly sketch?: RowSketch;
  /** As `tf.layers.dense` takes it; none unless given. */
  readonly activation?: Parameters<typeof layers.activation>[0]['activation'];
  /** Whether there is a bias; true unless given. */
  readonly useBias?: boolean;
  /** Of the sketches, an unsigned 32-bit integer; 0 unless given. Two layers had better have two. */
  readonly seed?: number;
}

/** A Dense layer that keeps a sketch of its input. */
class RmmDense extends layers.Layer {
  static readonly className = 'RmmDense';
  readonly #options: RmmDenseOptions;
  readonly #activation: layers.Layer | undefined;
  #calls = 0;

  constructor(options: RmmDenseOptions) {
    super(options);
    const { units, rate, sketch = 'count', seed = 0, activation } = options;
    checkCount("rmmDense's units", units);
    if (!(typeof rate === 'number' && rate > 0 && rate <= 1))
      throw new UsageError(
        `rmmDense's rate must be above 0 and at most 1, but it is ${describeValue(rate)}`,
      );
    checkOneOf("rmmDense's sketch", sketch, SKETCHES);
    checkWord("rmmDense's seed", seed);
    this.#options = options;
    this.#activation = activation === undefined ? undefined : layers.activation({ activation });
  }

  override build(inputShape: (number | null)[] | (number | null)[][]): void {
    const inputs = (inputShape as (number | null)[]).at(-1)!;
    const { units, useBias = true } = this.#options;
    const kernel = initializers.glorotNormal({});
    this.addWeight('kernel', [inputs, units], 'float32', kernel);
    if (useBias) this.addWeight('bias', [units], 'float32', initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: (number | null)[] | (number | null)[][]) {
    return [...(inputShape as (number | null)[]).slice(0, -1), this.#options.units];
  }

  override call(inputs: Tensor | Tensor[], given: object): Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    const { rate, sketch = 'count', seed = 0, units } = this.#options;
    const [kernel, bias] = this.weights.map((weight) => weight.read()) as [Tensor2D, Tensor?];
    const rows = reshape(x, [x.size / x.shape.at(-1)!, x.shape.at(-1)!]) as Tensor2D;
    const draw = { seed, call: this.#calls };
    this.#calls = (this.#calls + 1) >>> 0;
    const product = sketchedProduct(rows, kernel, { draw, sketch, rate });
    const y = reshape(bias ? add(product, bias) : product, [...x.shape.slice(0, -1), units]);
    return this.#activation ? (this.#activation.call(y, given as never) as Tensor) : y;
  }

  override getConfig(): serialization.ConfigDict {
    const { units, rate, sketch = 'count', activation = null, useBias = true } = this.#options;
    const own = { units, rate, sketch, activation, useBias, seed: this.#options.seed ?? 0 };
    return { ...super.getConfig(), ...own };
  }
}

/** x · kernel, of whose x SᵀX is kept for the kernel's gradient; that of x is exact. */
function sketchedProduct(
  x: Tensor2D,
  kernel: Tensor2D,
  {
    draw,
    sketch,
    rate,
  }: { readonly draw: Draw; readonly sketch: RowSketch; readonly rate: number },
): Tensor2D {
  const kept = Math.max(1, Math.round(rate * x.shape[0]));
  const op = customGrad((...args) => {
    const [rows, weights, save] = args as unknown as [Tensor2D, Tensor2D, (of: Tensor[]) => void];
    save([sketchRows(sketch, draw, rows, kept), weights]);
    return {
      value: matMul(rows, weights),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [projected, own] = saved as [Tensor2D, Tensor2D];
        const cotangent = sketchRows(sketch, draw, dy as Tensor2D, kept);
        return [matMul(dy as Tensor2D, own, false, true), matMul(projected, cotangent, true)];
      },
    };
  });
  return op(x, kernel) as Tensor2D;
}

/**
 * A Dense layer for those who stay with `model.fit`: for the gradient of its kernel it keeps Sᵀx in the place of its input
 * x, where S is drawn again in the backward pass (arXiv 2201.13195, algorithm 1). That gradient is
 * unbiased, those of x and the bias are exact.
 *
 * It shows what a sketch's noise does to a model that stays in TensorFlow.js; it saves nothing there. While it trains,
 * TensorFlow.js holds what every layer made until the gradients are done, whoever needs it, and the sketches come on
 * top: a step of eight layers of 64, 4,096 rows, peaks at 64.8 MiB with rate 0.1 where Dense's peaks at 54.5, and with
 * ReLU in each at 80.8 where Dense's peaks at 55.2. What saves is `fit` of this package.
 *
 * f32 [..., inputs] → f32 [..., units]
 * @throws UsageError for a rate outside (0, 1], units that are none, or a sketch that there is not
 */
export function rmmDense(options: RmmDenseOptions): layers.Layer {
  // Registered here, not when the module is loaded, which has no effects; models with one load after it.
  serialization.registerClass(RmmDense as never);
  return new RmmDense(options);
}
