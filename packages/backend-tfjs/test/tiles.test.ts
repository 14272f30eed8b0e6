import {
  type Backend,
  dequantize,
  fewBitGelu,
  fewBitGeluGradient,
  input,
  loadBackend,
  newKey,
  quantize,
  quantizedMatmul,
  type TensorData,
  threefry2x32,
  trace,
} from '@sketchgrad/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createBackend } from '../src/index.js';
import { PRODUCT_TILE } from '../src/lowerings/quantized-matmul.js';
import { tileRows } from '../src/lowerings/tiles.js';

const FEATURES = 96;
const OUTPUTS = 5;
/** One tile, one and a row, a third that is not whole; and so of products, whose tiles are larger. */
const ROWS = [tileRows(FEATURES), tileRows(FEATURES) + 1, 2 * tileRows(FEATURES) + 7];
const PRODUCT_ROWS = tileRows(FEATURES, PRODUCT_TILE);
ROWS.push(PRODUCT_ROWS, PRODUCT_ROWS + 1);

const numbers = (stream: number, count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => threefry2x32(3, 1, stream, i)[0] / 2 ** 31 - 1);

const results = async (backend: Backend, rows: number) => {
  const graph = trace(() => {
    const x = input('x', [rows, FEATURES]);
    const y = input('y', [rows, OUTPUTS]);
    const key = newKey(input('key', [2], 'i32'));
    const [codes, ranges] = quantize(x, { bits: 3, key });
    const how = { bits: 3, features: FEATURES, key } as const;
    const [gelu, intervals] = fewBitGelu(x, { bits: 3 }).node.outputs;
    return {
      ...{ codes, ranges, read: dequantize(codes, ranges, how) },
      product: quantizedMatmul(y, codes, ranges, how),
      ...{ gelu: gelu!, intervals: intervals! },
      slope: fewBitGeluGradient(intervals!, x, {
        bits: 3,
        values: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7),
      }),
    };
  });
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  const found = await executable.run({
    ...{ x: numbers(0, rows * FEATURES), y: numbers(1, rows * OUTPUTS) },
    key: Int32Array.of(7, 9),
  });
  const { plan } = executable;
  const measured = executable.measuredPeakBytes();
  await executable.dispose();
  await state.dispose();
  return { found, measured, planned: plan.persistentBytes + plan.largestLiveBytes };
};

/** Sums in 32 bits of so many products, in any order, whose results reach some tens. */
const SUMMED = 2e-4;

/** The position of the first number that is off by more; −1 without one. */
const firstOff = (found: TensorData, wanted: TensorData, most: number): number =>
  found.length !== wanted.length
    ? Math.min(found.length, wanted.length)
    : found.findIndex((value: number, i: number) => !(Math.abs(value - wanted[i]!) <= most));

for (const platform of ['cpu', 'wasm'] as const) {
  const made = createBackend({ platform });
  const reference = loadBackend('reference', { precision: 'f32' });
  afterAll(async () => {
    for (const backend of [made, reference]) await (await backend).dispose();
  });

  describe(`tiles on ${platform}`, () => {
    for (const rows of ROWS)
      it(`${rows} rows of ${FEATURES} have the codes and what is read of them of the reference`, async () => {
        const { found, measured, planned } = await results(await made, rows);
        const { found: wanted } = await results(await reference, rows);
        expect(measured, 'bytes').toBeLessThanOrEqual(planned);
        for (const name of ['codes', 'ranges', 'read', 'intervals', 'slope'])
          expect(firstOff(found[name]!, wanted[name]!, 0), name).toBe(-1);
        for (const name of ['product', 'gelu']) {
          expect(firstOff(found[name]!, wanted[name]!, SUMMED), name).toBe(-1);
        }
      });
  });
}
