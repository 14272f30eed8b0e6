import { describe, expect, it } from 'vitest';
import {
  backward,
  constant,
  convolution,
  count,
  dense,
  exact,
  type GradientEstimator,
  gaussian,
  hadamard,
  input,
  linear,
  type Moments,
  multiply,
  parameter,
  probed,
  probedErrors,
  probedMoments,
  quantized,
  rmm,
  rmmQuantized,
  rows,
  sgdVarianceByExample,
  sum,
  trace,
  UsageError,
  type Value,
  type WindowOptions,
  windowsOver,
  wtaCrs,
} from '../../src/index.js';
import { createReferenceBackend, moments } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';
import { mean, standardError } from '../support/estimate.js';

const IMAGES = [3, 5, 4, 2] as const;
const [BATCH, , , CHANNELS] = IMAGES;
const PIXELS = 3 * 5 * 4;
const OUTPUTS = 3;

const WINDOWS: Readonly<Record<string, WindowOptions>> = {
  'within the image': { size: [2, 3] },
  'beyond it, in strides': { size: [3, 2], strides: [2, 1], padding: 'same' },
  'pixels that lie apart': { size: [2, 2], dilation: [2, 1], padding: 'same' },
  'one pixel': { size: [1, 1] },
};

/** A convolution's X and Y where it is a linear layer over pixels, by plain loops. */
function overPixels(options: WindowOptions, dy: Float64Array): Float64Array {
  const windows = windowsOver({ shape: IMAGES, dtype: 'f32' }, options);
  const { size, strides, dilation, before, image, places } = windows;
  const elements = size[0] * size[1];
  const y = new Float64Array(PIXELS * elements * OUTPUTS);
  for (let b = 0; b < BATCH; b++)
    for (let p = 0; p < places[0] * places[1]; p++)
      for (let e = 0; e < elements; e++) {
        const [down, across] = [Math.floor(p / places[1]), p % places[1]];
        const row = down * strides[0] - before[0] + Math.floor(e / size[1]) * dilation[0];
        const column = across * strides[1] - before[1] + (e % size[1]) * dilation[1];
        if (row < 0 || row >= image[0] || column < 0 || column >= image[1]) continue;
        const pixel = (b * image[0] + row) * image[1] + column;
        for (let o = 0; o < OUTPUTS; o++)
          y[(pixel * elements + e) * OUTPUTS + o] =
            dy[(b * places[0] * places[1] + p) * OUTPUTS + o]!;
      }
  return y;
}

const sizesOf = (options: WindowOptions) => {
  const { places } = windowsOver({ shape: IMAGES, dtype: 'f32' }, options);
  return { elements: options.size[0] * options.size[1], places };
};

/** Images whose pixels differ in size, and a cotangent that follows them. */
const x = draw(PIXELS * CHANNELS, 1).map((value, i) => value * (i % 14 < 2 ? 3 : 1));
const dyOf = (options: WindowOptions) => {
  const { places } = sizesOf(options);
  return draw(BATCH * places[0] * places[1] * OUTPUTS, 2).map((value) => value + 0.7);
};

const OPTIONS = { value: 'key', stream: 0 } as const;

/** Graphs of a convolution's weight gradient, and of that of a linear layer over its pixels. */
function graphs(makes: () => GradientEstimator, options: WindowOptions) {
  const { elements, places } = sizesOf(options);
  const outputs: Record<string, Value> = {};
  const key = () => ({ value: input(OPTIONS.value, [2], 'i32'), stream: OPTIONS.stream });
  const convolved = trace(() => {
    const w = parameter('w', [OUTPUTS, elements * CHANNELS]);
    const kept = { estimator: makes(), key: key(), name: 'layer' };
    const z = convolution(input('x', IMAGES), w, undefined, { ...options, ...kept });
    backward(sum(multiply(z, input('dy', [BATCH, ...places, OUTPUTS]))), [w], (_, gradient) => {
      outputs.gradient = gradient;
    });
    return outputs;
  });
  const flat = trace(() => {
    const w = parameter('w', [elements * OUTPUTS, CHANNELS]);
    const kept = { estimator: makes(), key: key(), name: 'layer' };
    const z = linear(input('x', [PIXELS, CHANNELS]), w, undefined, kept);
    backward(sum(multiply(z, input('y', [PIXELS, elements * OUTPUTS]))), [w], (_, gradient) => {
      outputs.gradient = gradient;
    });
    return outputs;
  });
  return { convolved, flat };
}

const MIXED = [
  { bits: 8, share: 0.4 },
  { bits: 2, share: 0.6 },
] as const;
const rate = 0.4;

const ESTIMATORS: readonly GradientEstimator[] = [
  dense(),
  rmm({ sketch: gaussian(), rate }),
  rmm({ sketch: gaussian({ blockRows: 10 }), rate }),
  rmm({ sketch: count(), rate }),
  rmm({ sketch: count({ balanced: false }), rate, centred: true }),
  rmm({ sketch: count({ blockRows: 9 }), rate }),
  rmm({ sketch: count(), rate, centred: true }),
  rmmQuantized({ sketch: gaussian(), rate, bits: 2 }),
  rmm({ sketch: hadamard(), rate }),
  rmmQuantized({ sketch: count(), rate, bits: 2 }),
  rows({ by: 'uniform', rate }),
  rows({ by: 'norm', rate }),
  rows({ by: 'optimal', rate }),
  wtaCrs({ rate }),
  quantized({ bits: 2 }),
  quantized({ bits: 3, rotate: false, dither: false }),
  quantized({ bits: MIXED }),
  exact({ bits: 4, projection: 2 }),
];

const priorities = Float64Array.from({ length: PIXELS }, (_, pixel) => 1 + (pixel % 5));
const backend = createReferenceBackend({ precision: 'f64' });
const compiled = (graph: Parameters<typeof backend.compile>[0]) =>
  backend.compile(graph, { state: backend.createState() });

/** Of [elements · outputs, channels], as convolutions have it: [outputs, elements · channels]. */
const asConvolved = (gradient: Float64Array, elements: number): Float64Array =>
  gradient.map((_, at) => {
    const [o, e] = [Math.floor(at / (elements * CHANNELS)), Math.floor(at / CHANNELS) % elements];
    return gradient[(e * OUTPUTS + o) * CHANNELS + (at % CHANNELS)]!;
  });

const exactOf = async (options: WindowOptions): Promise<Float64Array> => {
  const executable = await compiled(graphs(dense, options).convolved);
  const given = { x, dy: dyOf(options), key: Int32Array.of(0, 0) };
  return (await executable.runFloat64(given)).gradient!;
};

describe.each(Object.entries(WINDOWS))('a convolution’s windows: %s', (_, options) => {
  const { elements } = sizesOf(options);
  const dy = dyOf(options);
  const y = overPixels(options, dy);

  it.each(ESTIMATORS.map((each, at) => [`${each.name} (${at})`, each] as const))(
    'the estimate is that of a linear layer over pixels: %s',
    async (_, estimator) => {
      const { convolved, flat } = graphs(() => estimator, options);
      const [ours, theirs] = [await compiled(convolved), await compiled(flat)];
      const ranked = estimator.ranksRows ? { 'rowPriorities.layer': priorities } : {};
      for (let step = 0; step < 3; step++) {
        const key = Int32Array.of(7, step);
        const found = await ours.runFloat64({ x, dy, key, ...ranked });
        const wanted = await theirs.runFloat64({ x, y, key, ...ranked });
        const gradient = asConvolved(wanted.gradient!, elements);
        const largest = Math.max(...gradient.map(Math.abs));
        for (const [at, value] of gradient.entries())
          expect(Math.abs(found.gradient![at]! - value)).toBeLessThan(1e-5 * largest);
        // Of each pixel, ‖y‖² over the places whose windows have it.
        if (estimator.ranksRows)
          for (const [row, norm] of wanted['rowNorms.layer']!.entries())
            expect(found['rowNorms.layer']![row]! / norm).toBeCloseTo(1, 6);
      }
    },
  );

  it('a probe has the moments of that layer, and examples’ gradients', async () => {
    const estimators = ESTIMATORS.filter(({ varianceError }) => varianceError === undefined);
    const starts = Int32Array.from({ length: BATCH + 1 }, (_, b) => (b * PIXELS) / BATCH);
    const own = () =>
      probed({ layer: 'layer', estimators, draws: 1, starts: constant(starts), measured: 1 });
    const executable = await compiled(graphs(own, options).convolved);
    const key = Int32Array.of(1, 2);
    const outputs = await executable.run({
      ...{ x: Float32Array.from(x), dy: Float32Array.from(dy), key },
      'rowPriorities.layer': Float32Array.from(priorities),
    });
    const found = probedMoments(outputs, { layer: 'layer', inputs: CHANNELS, estimators });
    const wanted = moments(x, y, PIXELS, { starts: [...starts] });
    for (const name of ['normProduct', 'gradientNorm', 'rowProducts'] as const)
      expect(found[name] / wanted[name], name).toBeCloseTo(1, 5);
    expect(sgdVarianceByExample(found) / sgdVarianceByExample(wanted)).toBeCloseTo(1, 5);
    for (const [at, each] of estimators.entries()) {
      const variance = (of: Moments) => each.variance(of, priorities);
      if (variance(wanted) > 0)
        expect(variance(found) / variance(wanted), each.name).toBeCloseTo(1, 4);
      expect(probedErrors(outputs, 'layer', at)).toHaveLength(1);
    }
  });
});

describe('estimates of a convolution’s weight gradient', () => {
  const options = WINDOWS['beyond it, in strides']!;

  it.each([
    ['a sketch', rmm({ sketch: count(), rate })],
    ['codes', quantized({ bits: 2 })],
    ['rows', rows({ by: 'norm', rate })],
    ['projected features', exact({ bits: 8, projection: 2 })],
  ])('are unbiased and vary as the formula says: %s', async (_, estimator) => {
    const wanted = await exactOf(options);
    const executable = await compiled(graphs(() => estimator, options).convolved);
    const dy = dyOf(options);
    const all: Float64Array[] = [];
    for (let step = 0; step < 2000; step++)
      all.push((await executable.runFloat64({ x, dy, key: Int32Array.of(2026, step) })).gradient!);
    for (const [at, want] of wanted.entries()) {
      const values = all.map((gradient) => gradient[at]!);
      // 36 elements, four estimators: 4.5 standard errors are passed by chance once in 1000 suites.
      expect(Math.abs(mean(values) - want)).toBeLessThan(4.5 * standardError(values) + 1e-9);
    }
    const errors = all.map((gradient) =>
      gradient.reduce((total, value, at) => total + (value - wanted[at]!) ** 2, 0),
    );
    const predicted = estimator.variance(moments(x, overPixels(options, dy), PIXELS));
    const off = (estimator.varianceError ? 0.06 : 0) * predicted;
    expect(Math.abs(mean(errors) - predicted)).toBeLessThan(4 * standardError(errors) + off);
    expect(standardError(errors)).toBeLessThan(0.05 * predicted);
  });

  it('are of patches of what is restored, where that is kept, else one for each pixel of a window', () => {
    const ops = (estimator: GradientEstimator) =>
      graphs(() => estimator, { size: [2, 2] }).convolved.nodes.map(({ op }) => op.name);
    expect(ops(quantized({ bits: 2 }))).toContain('convolutionWeightGradient');
    expect(ops(rows({ by: 'norm', rate }))).not.toContain('placesAtPixels');
    const sketched = ops(rmm({ sketch: count(), rate }));
    expect(sketched.filter((name) => name === 'placesAtPixels')).toHaveLength(4);
    // One order of rows for what is kept, and one for all four.
    expect(sketched.filter((name) => name === 'permutation')).toHaveLength(2);
  });

  it('need a key, and a name where rows are ranked', () => {
    const made = (estimator: GradientEstimator) => () =>
      trace(() => ({
        z: convolution(input('x', IMAGES), input('w', [OUTPUTS, 4 * CHANNELS]), undefined, {
          ...{ size: [2, 2], estimator },
        }),
      }));
    expect(made(rmm({ sketch: count(), rate }))).toThrow(UsageError);
    expect(made(rmm({ sketch: count(), rate }))).toThrow(/draws random numbers: pass a key/);
    expect(made('rmm' as never)).toThrow(/estimator must be a gradient estimator/);
  });
});
