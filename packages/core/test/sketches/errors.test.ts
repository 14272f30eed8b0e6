import { describe, expect, it } from 'vitest';
import {
  count,
  countSketch,
  dct,
  hadamard,
  input,
  newKey,
  ShapeError,
  type Sketch,
  sketch,
  trace,
  transformSketch,
  UsageError,
  type Value,
} from '../../src/index.js';
import { createReferenceBackend } from '../../src/reference/index.js';
import { sampleMatrices } from './sampled.js';

const build = (make: (x: Value, key: ReturnType<typeof newKey>) => Value) =>
  trace(() => ({ y: make(input('x', [5, 2]), newKey(input('key', [2], 'i32'))) }));

describe('sketches refuse', () => {
  it('more rows than there are, where each is dealt out or chosen once', () => {
    const { moments } = sampleMatrices(5);
    const once: Sketch[] = [count(), count({ blockRows: 2 }), dct(), hadamard({ blockRows: 2 })];
    for (const sketch of once) {
      const apply = (rows: number) => build((x, key) => sketch.apply(x, key, rows));
      expect(() => apply(6)).toThrow(UsageError);
      expect(() => apply(6)).toThrow(/5.*at most as many.*not 6/);
      expect(() => apply(5)).not.toThrow();
      expect(() => sketch.variance(moments, 6)).toThrow(UsageError);
    }
    for (const sketch of [count({ balanced: false }), dct({ replacement: true })])
      expect(() => build((x, key) => sketch.apply(x, key, 6))).not.toThrow();
  });

  it('lists that are missing, too many, or of the wrong length', () => {
    expect(() => build((x, key) => countSketch(x, { rows: 2, key, balanced: true }))).toThrow(
      /pass one/,
    );
    expect(() =>
      build((x, key) => countSketch(x, { rows: 2, key, balanced: false, blockRows: 2 })),
    ).toThrow(UsageError);
    const list = (length: number) => input('list', [length], 'i32');
    expect(() =>
      build((x, key) =>
        sketch(x, { kind: 'gaussian', rows: 2, key, blocks: { rows: 2, order: list(4) } }),
      ),
    ).toThrow(ShapeError);
    for (const options of [
      { transform: 'dct' as const },
      { transform: 'hadamard' as const, blockRows: 2 },
    ])
      expect(() => build((x, key) => transformSketch(x, { rows: 2, key, ...options }))).toThrow(
        UsageError,
      );
    expect(() =>
      build((x, key) => transformSketch(x, { transform: 'dct', rows: 2, key, slots: list(5) })),
    ).toThrow(ShapeError);
  });

  it('indices out of range', async () => {
    const given = { x: new Float32Array(10), key: Int32Array.of(1, 2) };
    const run = async (make: Parameters<typeof build>[0], list: Int32Array) => {
      const backend = createReferenceBackend();
      const executable = await backend.compile(build(make), { state: backend.createState() });
      return executable.run({ ...given, list });
    };
    const order = () => input('list', [5], 'i32');
    const bad = Int32Array.of(0, 1, 5, 3, 4);
    const message = /index 5 at position 2 is outside \[0, 5\)/;
    await expect(
      run((x, key) => countSketch(x, { rows: 2, key, balanced: true, order: order() }), bad),
    ).rejects.toThrow(message);
    await expect(
      run((x, key) => {
        const blocks = { rows: 2, order: order() };
        return sketch(x, { kind: 'rademacher', rows: 2, key, blocks });
      }, bad),
    ).rejects.toThrow(message);
    await expect(
      run(
        (x, key) => {
          const chosen = input('list', [8], 'i32');
          return transformSketch(x, { transform: 'hadamard', rows: 2, key, chosen });
        },
        Int32Array.of(0, 1, 2, -1, 4, 5, 6, 7),
      ),
    ).rejects.toThrow(/index -1 at position 3 is outside \[0, 8\)/);
  });
});
