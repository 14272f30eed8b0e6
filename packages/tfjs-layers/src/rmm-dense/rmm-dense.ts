import {
  checkCount,
  checkOneOf,
  checkOptions,
  checkWord,
  describeValue,
  type OptionNames,
  UsageError,
} from '@sketchgrad/core';
import {
  add,
  customGrad,
  matMul,
  reshape,
  serialization,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { type Draw, type RowSketch, SKETCHES, sketchRows } from './sketch-rows.js';

type DenseOptions = Parameters<typeof layers.dense>[0];

/** What `tf.layers.dense` takes, and how its input is sketched. */
export interface RmmDenseOptions extends Omit<DenseOptions, 'activityRegularizer' | 'inputDim'> {
  /** The share of rows that is kept, in (0, 1]. */
  readonly rate: number;
  /** `count` unless given. */
  readonly sketch?: RowSketch;
  /** Of the sketches, an unsigned 32-bit integer; 0 unless given. Two layers had better have two. */
  readonly seed?: number;
}

/** By name; what of a layer's own options is wrong, TensorFlow.js' Dense says. */
const OPTIONS: OptionNames<RmmDenseOptions> = {
  units: checkCount,
  rate: checkRate,
  sketch: (name, sketch) => sketch === undefined || checkOneOf(name, sketch, SKETCHES),
  seed: (name, seed) => seed === undefined || checkWord(name, seed),
  activation: true,
  useBias: true,
  kernelInitializer: true,
  biasInitializer: true,
  kernelRegularizer: true,
  biasRegularizer: true,
  kernelConstraint: true,
  biasConstraint: true,
  inputShape: true,
  batchInputShape: true,
  batchSize: true,
  dtype: true,
  name: true,
  trainable: true,
  weights: true,
  inputDType: true,
};

function checkRate(name: string, rate: unknown): void {
  if (!(typeof rate === 'number' && rate > 0 && rate <= 1))
    throw new UsageError(`${name} must be above 0 and at most 1, but it is ${describeValue(rate)}`);
}

type WeightOptions = Parameters<layers.Layer['addWeight']>;
type Part = 'kernel' | 'bias';

/** What a Dense layer has made of its options. */
type DenseParts = Readonly<Record<`${Part}Initializer`, WeightOptions[3]>> &
  Readonly<Record<`${Part}Regularizer`, WeightOptions[4]>> &
  Readonly<Record<`${Part}Constraint`, WeightOptions[6]>>;

/** A Dense layer that keeps a sketch of its input. */
class RmmDense extends layers.Layer {
  static readonly className = 'RmmDense';
  readonly #options: RmmDenseOptions;
  /** Reads the options that are Dense's, and writes them; it is never built. */
  readonly #dense: layers.Layer;
  readonly #activation: layers.Layer | undefined;
  #calls = 0;

  constructor(options: RmmDenseOptions) {
    super(options);
    const { rate: _, sketch: __, seed: ___, weights: ____, ...own } = options;
    this.#options = options;
    this.#dense = layers.dense(own);
    const { activation } = options;
    this.#activation = activation ? layers.activation({ activation }) : undefined;
  }

  override build(inputShape: (number | null)[] | (number | null)[][]): void {
    const inputs = (inputShape as (number | null)[]).at(-1)!;
    const { units, useBias = true } = this.#options;
    const dense = this.#dense as unknown as DenseParts;
    const add = (part: Part, shape: number[]) =>
      this.addWeight(
        part,
        shape,
        'float32',
        dense[`${part}Initializer`],
        dense[`${part}Regularizer`],
        true,
        dense[`${part}Constraint`],
      );
    add('kernel', [inputs, units]);
    if (useBias) add('bias', [units]);
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
    const { rate, sketch = 'count', seed = 0 } = this.#options;
    // Dense has it, and does nothing with it.
    const { activityRegularizer: _, ...own } = this.#dense.getConfig();
    return { ...own, ...super.getConfig(), rate, sketch, seed };
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
 * @throws UsageError for a rate outside (0, 1], units that are none, a sketch or an option that there is not
 */
export function rmmDense(options: RmmDenseOptions): layers.Layer {
  checkOptions('rmmDense', options, OPTIONS);
  // Registered here, not when the module is loaded, which has no effects; models with one load after it.
  serialization.registerClass(RmmDense as never);
  return new RmmDense(options);
}
