import {
  dequantize,
  type GeluBits,
  input,
  newKey,
  quantize,
  threefry2x32,
  trace,
  type Value,
} from '@sketchgrad/core';
import type { CodeAttributes, QuantizeAttributes } from '@sketchgrad/core/backend';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FactorRows, Host } from '../src/host/host.js';
import { loadHost } from '../src/host/load-host.js';
import { plainHost } from '../src/host/plain.js';
import type { NodeOf } from '../src/node-of.js';

const key = Int32Array.of(7, 9);

const numbers = (stream: number, count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => threefry2x32(3, 1, stream, i)[0] / 2 ** 31 - 1);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('where WebAssembly', () => {
  it('has SIMD, it is the host', async () => {
    expect(await loadHost()).not.toBe(plainHost);
  });

  it('has no SIMD, JavaScript is', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    expect(await loadHost()).toBe(plainHost);
  });

  it('may not be compiled, JavaScript is', async () => {
    const refused = new WebAssembly.CompileError('a policy without wasm-unsafe-eval');
    vi.spyOn(WebAssembly, 'instantiate').mockRejectedValue(refused);
    expect(await loadHost()).toBe(plainHost);
  });

  it('fails in another way, that is said', async () => {
    vi.spyOn(WebAssembly, 'instantiate').mockRejectedValue(new RangeError('out of memory'));
    await expect(loadHost()).rejects.toThrow('out of memory');
  });
});

interface Codes {
  readonly rows: number;
  readonly features: number;
  readonly group: number;
  readonly rotate: boolean;
  /** Each with rows of 8, 3 and 1 bits, by rank; all of 3 bits without it. */
  readonly ranked: boolean;
  readonly dithered: boolean;
}

const CODES: readonly Codes[] = [
  { rows: 9, features: 130, group: 128, rotate: true, ranked: false, dithered: true },
  { rows: 9, features: 130, group: 50, rotate: false, ranked: true, dithered: true },
  { rows: 21, features: 64, group: 64, rotate: true, ranked: true, dithered: true },
  { rows: 21, features: 7, group: 3, rotate: true, ranked: true, dithered: false },
  { rows: 1, features: 1, group: 1, rotate: false, ranked: false, dithered: false },
];

/** What a host makes of a matrix, tile by tile of so many rows, and what it reads of that. */
function coded(host: Host, how: Codes, tile: number) {
  const { rows, features, group, rotate, ranked, dithered } = how;
  const third = Math.floor(rows / 3);
  const layout = ranked
    ? {
        segments: [
          { bits: 8, rows: third },
          { bits: 3, rows: third },
          { bits: 1, rows: rows - 2 * third },
        ] as const,
      }
    : { bits: 3 as const };
  let made!: NodeOf<QuantizeAttributes>;
  let read!: NodeOf<CodeAttributes>;
  trace(() => {
    const ranks = ranked ? input('ranks', [rows], 'i32') : undefined;
    const drawn = newKey(input('key', [2], 'i32'));
    const told = { ...layout, group, rotate, ranks };
    const x: Value = input('x', [rows, features]);
    const [codes, ranges] = quantize(x, { ...told, key: drawn });
    const y = dequantize(codes, ranges, {
      ...told,
      features,
      ...(dithered ? { key: drawn } : {}),
    });
    made = codes.node as unknown as NodeOf<QuantizeAttributes>;
    read = y.node as unknown as NodeOf<CodeAttributes>;
    return { y };
  });
  // 7 has no divisor in common with any of the numbers of rows but for 21.
  const step = rows % 7 === 0 ? 5 : 7;
  const ranks = ranked ? Int32Array.from({ length: rows }, (_, i) => (i * step) % rows) : undefined;
  const [words, groups] = [made.outputs[0]!.shape[0]!, made.outputs[1]!.shape[1]!];
  const codes = new Int32Array(words);
  const ranges = { shape: [rows, groups], data: new Int32Array(rows * groups) };
  const x = numbers(0, rows * features);
  const code = host.quantizer(made, features, { key, ranks, codes, ranges });
  for (let row = 0; row < rows; row += tile)
    code(row, x.slice(row * features, Math.min(row + tile, rows) * features));
  const inputs = [
    { shape: [words], data: codes },
    ranges,
    ...(dithered ? [{ shape: [2], data: key }] : []),
    ...(ranks ? [{ shape: [rows], data: ranks }] : []),
  ];
  const readAll = (turned: boolean) => {
    const rowsAt = host.reader(read, inputs, turned);
    const all: number[] = [];
    for (let row = 0; row < rows; row += tile) all.push(...rowsAt(row, Math.min(tile, rows - row)));
    return all;
  };
  return {
    codes: [...codes],
    ranges: [...ranges.data],
    read: readAll(false),
    turned: readAll(rotate),
  };
}

/** Factors of this many elements lie in parts of these widths; the last ones' keys are other blocks'. */
const FACTORS: readonly (readonly [count: number, parts: readonly FactorRows[]])[] = [
  [4099, [{ at: 0, first: 0, rows: 1, run: 4099, width: 4099 }]],
  [
    120,
    [
      { at: 3, first: 5, rows: 4, run: 7, width: 12 },
      { at: 60, first: 2 ** 34 - 9, rows: 3, run: 13, width: 20 },
    ],
  ],
  [2 ** 21 + 5, [{ at: 2, first: 1, rows: 1, run: 2 ** 21 + 3, width: 2 ** 21 + 3 }]],
  [2 ** 21 + 60, [{ at: 0, first: 3, rows: 2 ** 16 + 1, run: 31, width: 32 }]],
];

describe('WebAssembly and JavaScript', async () => {
  const simd = await loadHost();

  it.each(CODES)('make and read the same codes: %o', (how) => {
    const wanted = coded(plainHost, how, how.rows);
    for (const tile of [how.rows, 4])
      expect(coded(simd, how, tile), `tiles of ${tile}`).toEqual(wanted);
  });

  it('refuse the same values and ranks', () => {
    for (const host of [plainHost, simd]) {
      let node!: NodeOf<QuantizeAttributes>;
      trace(() => {
        const drawn = newKey(input('key', [2], 'i32'));
        const [codes] = quantize(input('x', [8, 40]), { bits: 3, key: drawn });
        node = codes.node as unknown as NodeOf<QuantizeAttributes>;
        return { codes };
      });
      const coder = (ranks?: Int32Array) =>
        host.quantizer(node, 40, {
          ...{ key, ranks, codes: new Int32Array(8 * 6) },
          ranges: { shape: [8, 1], data: new Int32Array(8) },
        });
      const x = numbers(0, 2 * 40);
      x[45] = Number.NaN;
      expect(() => coder()(3, x)).toThrow(
        'quantize: value NaN at position 165 is not finite and, with its group, in the range of bfloat16',
      );
      expect(() => coder(Int32Array.of(0, 1, 2, 3, 4, 5, 6, 8))).toThrow(
        'rank 8 at position 7 is outside [0, 8)',
      );
    }
  });

  it.each([1, 2, 3, 4] as const)('code GELU in %d bits alike', (bits: GeluBits) => {
    const x = numbers(1, 100).map((value) => value * 3);
    x[7] = Number.NaN;
    const thresholds = Float32Array.from({ length: 2 ** bits - 1 }, (_, i) => i - 2 ** (bits - 1));
    const values = Float32Array.from({ length: 2 ** bits }, (_, i) => i / 7 - 1);
    const of = (host: Host) => {
      const words = new Int32Array(4 * bits);
      const gelu = host.fewBitGelu(bits, thresholds, words);
      const y = [...gelu(0, x.slice(0, 64)), ...gelu(64, x.slice(64))];
      const slopes = host.fewBitGeluGradient(bits, values, words);
      return {
        y,
        words: [...words],
        dx: [...slopes(0, x.slice(0, 64)), ...slopes(64, x.slice(64))],
      };
    };
    const [wanted, found] = [of(plainHost), of(simd)];
    expect(found.words).toEqual(wanted.words);
    expect(found.dx).toEqual(wanted.dx);
    found.y.forEach((y, i) => {
      if (i !== 7) expect(Math.abs(y - wanted.y[i]!)).toBeLessThan(2e-6);
    });
    expect(found.y[7]).toBeNaN();
  });

  it.each(FACTORS)("draw the same factors of %d of dropout's elements", (count, parts) => {
    for (const threshold of [0, 6554, 65535]) {
      const bits = { key, stream: 5, threshold };
      const found = simd.dropoutFactors(count, parts, bits);
      const wanted = plainHost.dropoutFactors(count, parts, bits);
      expect(found.length).toBe(count);
      expect(found.findIndex((factor, i) => factor !== wanted[i])).toBe(-1);
    }
  });

  it('leave nothing of what they drew before', () => {
    const bits = { key, stream: 5, threshold: 10 };
    simd.dropoutFactors(64, [{ at: 0, first: 0, rows: 1, run: 64, width: 64 }], bits);
    const part = { at: 8, first: 0, rows: 1, run: 8, width: 8 };
    expect([...simd.dropoutFactors(64, [part], bits)]).toEqual([
      ...plainHost.dropoutFactors(64, [part], bits),
    ]);
  });
});
