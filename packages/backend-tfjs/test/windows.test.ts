import {
  averagePooling,
  averagePoolingGradient,
  convolution,
  convolutionInputGradient,
  convolutionWeightGradient,
  type Graph,
  input,
  maxPooling,
  maxPoolingGradient,
  placesAtPixels,
  threefry2x32,
  trace,
  windowsOver,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { expect, it } from 'vitest';
import { createBackend } from '../src/index.js';
import { placeTiles, windowSizes } from '../src/lowerings/windows.js';

const IMAGES = [2, 64, 64, 16];
const OUTPUTS = 3;
const OPTIONS = { size: [3, 3], padding: 'same' } as const;
const WINDOWS = windowsOver({ shape: IMAGES, dtype: 'f32' }, OPTIONS);
const PLACES = [2, ...WINDOWS.places];

const numbers = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => threefry2x32(seed, 0, 0, i)[0] / 2 ** 31 - 1);

const images = () => input('x', IMAGES);
const weights = () => input('w', [OUTPUTS, 9 * 16]);
const cotangents = (channels: number) => input('dy', [...PLACES, channels]);

const GRAPHS: Readonly<Record<string, Graph>> = {
  convolution: trace(() => ({
    y: convolution(images(), weights(), input('b', [OUTPUTS]), OPTIONS),
  })),
  convolutionInputGradient: trace(() => ({
    y: convolutionInputGradient(cotangents(OUTPUTS), weights(), WINDOWS),
  })),
  convolutionWeightGradient: trace(() => ({
    y: convolutionWeightGradient(images(), cotangents(OUTPUTS), WINDOWS),
  })),
  placesAtPixels: trace(() => ({ y: placesAtPixels(cotangents(OUTPUTS), WINDOWS, 3) })),
  averagePooling: trace(() => ({ y: averagePooling(images(), OPTIONS) })),
  averagePoolingGradient: trace(() => ({ y: averagePoolingGradient(cotangents(16), WINDOWS) })),
  maxPooling: trace(() => ({ y: maxPooling(images(), OPTIONS) })),
  maxPoolingGradient: trace(() => ({ y: maxPoolingGradient(images(), cotangents(16), WINDOWS) })),
};

it('these images take several tiles of patches', () => {
  const [node] = GRAPHS.maxPooling!.nodes.slice(-1);
  expect(placeTiles(windowSizes(node as never, 2, 16)).length).toBe(2);
});

for (const platform of ['cpu', 'wasm'] as const)
  for (const [op, graph] of Object.entries(GRAPHS))
    it(`${op} of images that take several tiles gives the reference's numbers on ${platform}, in what is planned`, async () => {
      const inputs = Object.fromEntries(
        graph.inputs.map(({ name, value }, seed) => [
          name,
          numbers(
            value.shape.reduce((n, size) => n * size, 1),
            seed,
          ),
        ]),
      );
      const reference = createReferenceBackend();
      const wanted = await (await reference.compile(graph, { state: reference.createState() })).run(
        inputs,
      );
      const backend = await createBackend({ platform });
      const executable = await backend.compile(graph, { state: backend.createState() });
      const { y } = await executable.run(inputs);
      let largest = 0;
      for (const value of wanted.y!) largest = Math.max(largest, Math.abs(value));
      // Weights' gradients are sums of 8,192 terms in 32 bits.
      for (const [at, want] of wanted.y!.entries())
        if (!(Math.abs(y![at]! - want) <= 1e-5 * largest))
          expect.fail(`y[${at}] is ${y![at]}, should be ${want}`);
      expect(executable.measuredPeakBytes()).toBe(executable.plan.largestLiveBytes);
      await backend.dispose();
    });
