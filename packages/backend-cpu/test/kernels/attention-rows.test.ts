import { describe, expect, it } from 'vitest';
import { Kernels } from './harness.js';

const keys = 6;

/** Softmax of one row of scores: its probabilities and its log Σ exp. */
function softmax(scores: readonly number[], mask: readonly number[]) {
  const kernels = new Kernels();
  const row = kernels.place(Float32Array.from(scores));
  const open = kernels.place(Int32Array.from(mask));
  const logSumExp = kernels.room(1);
  const key = kernels.place(Int32Array.of(1, 2));
  kernels.call(
    'attentionSoftmax',
    ...[row, open, logSumExp].map(({ address }) => address),
    ...[1, keys, key.address, 0, 0, 0, 0],
  );
  return { probabilities: [...row.data], logSumExp: logSumExp.data[0]! };
}

/** The gradient of one row of scores, and its probabilities. */
function gradient(scores: readonly number[], dscores: readonly number[], logSumExp: number) {
  const kernels = new Kernels();
  const row = kernels.place(Float32Array.from(scores));
  const drow = kernels.place(Float32Array.from(dscores));
  const open = kernels.place(new Int32Array(keys).fill(1));
  const stored = kernels.place(Float32Array.of(logSumExp));
  const key = kernels.place(Int32Array.of(1, 2));
  kernels.call(
    'attentionScoreGradient',
    ...[row, drow, open, stored].map(({ address }) => address),
    ...[1, keys, key.address, 0, 0, 0, 0],
  );
  return { probabilities: [...row.data], ds: [...drow.data] };
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
    expect(made).toEqual({ probabilities, ds: [-0.5, 0.5, 0, 0, 0, 0] });
  });

  it('scores far from the log Σ exp of others, as rounded ones can be, make no NaN', () => {
    const above = gradient([500, 400, -40, -40, -40, -40], [1, 3, 5, 5, 5, 5], 0);
    expect(above).toEqual({ probabilities: [0.5, 0.5, 0, 0, 0, 0], ds: [-0.5, 0.5, 0, 0, 0, 0] });
    const below = gradient([-500, -400, -300, -300, -300, -300], [1, 3, 5, 5, 5, 5], 0);
    expect(below).toEqual({ probabilities: new Array(keys).fill(0), ds: new Array(keys).fill(0) });
  });
});
