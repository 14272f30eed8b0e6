import { describe, expect, it } from 'vitest';
import { Kernels } from './harness.js';

const keys = 6;
const size = 16;

/** Room for a head of so few keys, in floats. */
const ROOM = 4096;

/**
 * Attention of one head over keys of which each query sees the same scores: query 4 · e₀, key score · e₀,
 * value j e_j, so that a context is a row of probabilities. All of it is exact for a size of 16.
 */
function placed(scores: readonly number[], mask: readonly number[]) {
  const kernels = new Kernels();
  const x = new Float32Array(keys * 3 * size);
  for (const [j, score] of scores.entries()) {
    x[j * 3 * size] = 4;
    x[j * 3 * size + size] = score;
    x[j * 3 * size + 2 * size + j] = 1;
  }
  return {
    kernels,
    projections: kernels.place(x),
    starts: kernels.place(Int32Array.of(0, keys)),
    mask: kernels.place(Int32Array.from(mask)),
    key: kernels.place(Int32Array.of(1, 2)),
    scratch: kernels.room(ROOM),
  };
}

/** Queries at a time: of a short head, from which rows on one is long, and of a long head. */
const QUERIES = [32, 2 ** 30, 0];

const SHAPE = [keys, 1, 1, size, keys, 0, 0];

function softmax(scores: readonly number[], mask: readonly number[]) {
  const { kernels, scratch, ...inputs } = placed(scores, mask);
  const context = kernels.room(keys * size);
  const sums = kernels.room(keys);
  const tensors = [...Object.values(inputs), context, sums].map(({ address }) => address);
  kernels.call('attention', 0, 1, ...tensors, ...SHAPE, scratch.address, 4 * ROOM, ...QUERIES);
  return { probabilities: [...context.data.subarray(0, keys)], logSumExp: sums.data[0]! };
}

/** Cotangents of the first query's scores, and its probabilities times those of its context. */
function gradient(scores: readonly number[], dcontext: readonly number[], logSumExp: number) {
  const { kernels, scratch, ...inputs } = placed(scores, new Array<number>(keys).fill(1));
  const sums = kernels.place(new Float32Array(keys).fill(logSumExp));
  const dout = kernels.place(
    Float32Array.from({ length: keys * size }, (_, i) => dcontext[i] ?? 0),
  );
  const made = kernels.room(keys * 3 * size);
  const tensors = [...Object.values(inputs), sums, dout, made].map(({ address }) => address);
  kernels.call(
    'attentionGradient',
    0,
    1,
    ...tensors,
    ...SHAPE,
    scratch.address,
    4 * ROOM,
    ...QUERIES,
  );
  const rows = [...new Array(keys).keys()];
  return {
    ds: rows.map((j) => made.data[j * 3 * size + size]!),
    weighted: rows.map((j) => made.data[j * 3 * size + 2 * size]!),
  };
}

describe("attention's rows of scores beyond what f32 holds", () => {
  const all = new Array<number>(keys).fill(1);
  const { POSITIVE_INFINITY: more, NEGATIVE_INFINITY: less, NaN: none } = Number;

  it.each([
    ['one is ∞', [0, more, 0, 0, 0, 0]],
    ['one is NaN', [0, none, 0, 0, 0, 0]],
    ['all are −∞', new Array<number>(keys).fill(less)],
    ['all are NaN', new Array<number>(keys).fill(none)],
  ])('%s: NaN, not numbers', (_, scores) => {
    const made = softmax(scores, all);
    expect(made.probabilities).toEqual(new Array(keys).fill(none));
    expect(made.logSumExp).toBeNaN();
    expect(gradient(scores, all, made.logSumExp).ds).toEqual(new Array(keys).fill(none));
  });

  it('without an open key a row is zeros, whatever its scores are', () => {
    const made = softmax([more, none, less, 1, 2, 3], new Array<number>(keys).fill(0));
    expect(made).toEqual({ probabilities: new Array(keys).fill(0), logSumExp: 0 });
  });

  it('keys that tie at a large score share it, though its log Σ exp is rounded to it', () => {
    const { probabilities, logSumExp } = softmax([3e8, 3e8, 1, 2, 3, 4], all);
    expect(probabilities).toEqual([0.5, 0.5, 0, 0, 0, 0]);
    expect(logSumExp).toBe(3e8);
    const made = gradient([3e8, 3e8, 1, 2, 3, 4], [1, 3, 5, 5, 5, 5], logSumExp);
    expect(made).toEqual({ weighted: [0.5, 0.5, 0, 0, 0, 0], ds: [-0.5, 0.5, 0, 0, 0, 0] });
  });

  it('scores far from the log Σ exp of others, as rounded ones can be, make no NaN', () => {
    const above = gradient([500, 400, -40, -40, -40, -40], [1, 3, 5, 5, 5, 5], 0);
    expect(above).toEqual({ weighted: [0.5, 0.5, 0, 0, 0, 0], ds: [-0.5, 0.5, 0, 0, 0, 0] });
    const below = gradient([-500, -400, -300, -300, -300, -300], [1, 3, 5, 5, 5, 5], 0);
    expect(below).toEqual({ weighted: new Array(keys).fill(0), ds: new Array(keys).fill(0) });
  });
});
