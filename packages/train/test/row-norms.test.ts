import { DataError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { RowNorms } from '../src/priorities/row-norms.js';

/** Two examples of 3 and 2 tokens, padded to 4 and 3, and a row that is nobody's. */
const rows = { indices: [5, 2], starts: [0, 4, 7], attentionMask: [1, 1, 1, 0, 1, 1, 0, 0] };
const norms = [4, 2, 1, 9, 8, 6, 9, 9];

describe('norms by example', () => {
  it('are ones before anything is known, and 0 for padding and nobody’s rows', () => {
    const found = new RowNorms('example', 6).priorities('layer', rows);
    expect([...found]).toEqual([1, 1, 1, 0, 1, 1, 0, 0]);
  });

  it('are those of the same tokens when they were last seen, wherever in a batch', () => {
    const known = new RowNorms('example', 6);
    known.record('layer', rows, norms);
    const later = { indices: [2, 5], starts: [0, 3, 6], attentionMask: [1, 1, 0, 1, 1, 1] };
    expect([...known.priorities('layer', later)]).toEqual([8, 6, 0, 4, 2, 1]);
    known.record('layer', later, [3, 5, 9, 7, 1.5, 0.25]);
    expect([...known.priorities('layer', rows)]).toEqual([7, 1.5, 0.25, 0, 3, 5, 0, 0]);
  });

  it('are the averages of positions for an example not seen before', () => {
    const known = new RowNorms('example', 6);
    known.record('layer', rows, norms);
    const other = { indices: [0], starts: [0, 5], attentionMask: [1, 1, 1, 1, 1] };
    // Nothing is known of the fourth and fifth position: the third's stands for them.
    expect([...known.priorities('layer', other)]).toEqual([6, 4, 1, 1, 1]);
    expect([...known.priorities('another', other)]).toEqual([1, 1, 1, 1, 1]);
  });

  it('are within 0.8 % of any number', () => {
    const known = new RowNorms('example', 1);
    const numbers = Array.from({ length: 200 }, (_, i) => 1.37 ** (i - 100));
    const long = { indices: [0], starts: [0, 200], attentionMask: numbers.map(() => 1) };
    known.record('layer', long, numbers);
    for (const [i, found] of known.priorities('layer', long).entries())
      expect(Math.abs(found / numbers[i]! - 1)).toBeLessThan(0.008);
  });
});

/** What a pool leaves of the same examples: two rows of the first, one of the second. */
const pooled = { kind: 'pooled', indices: [5, 2], starts: [0, 2, 3], attentionMask: [1, 1, 1] };

it('layers of other rows of the same examples do not meet', () => {
  const known = new RowNorms('example', 6);
  known.record('pooled', pooled, [7, 5, 3]);
  known.record('layer', rows, norms);
  expect([...known.priorities('layer', rows)]).toEqual([4, 2, 1, 0, 8, 6, 0, 0]);
  expect([...known.priorities('pooled', pooled)]).toEqual([7, 5, 3]);
});

describe('norms by position', () => {
  it('are moving averages over the tokens there', () => {
    const known = new RowNorms('position', 6);
    known.record('layer', rows, norms);
    expect([...known.priorities('layer', rows)]).toEqual([6, 4, 1, 0, 6, 4, 0, 0]);
    known.record('layer', rows, [16, 2, 1, 9, 16, 6, 9, 9]);
    const [first, second] = known.priorities('layer', rows);
    expect(first).toBeCloseTo(0.9 * 6 + 0.1 * 16, 5);
    expect(second).toBeCloseTo(4, 5);
  });
});

describe.each(['example', 'position'] as const)('norms by %s, of batches packed anew', (policy) => {
  const lengths = [3, 1, 4, 2, 5];
  const normOf = (example: number, position: number) => 2 ** (2 * example - position);

  /** Examples one behind the other, each padded by as many rows, and nobody's rows behind them. */
  const packed = (indices: number[], padding: number, nobodys: number) => {
    const starts = [0];
    const attentionMask: number[] = [];
    const own: number[] = [];
    for (const example of indices) {
      const length = lengths[example]!;
      for (let position = 0; position < length; position++) own.push(normOf(example, position));
      attentionMask.push(...Array(length).fill(1), ...Array(padding).fill(0));
      own.push(...Array(padding).fill(Number.NaN));
      starts.push(attentionMask.length);
    }
    attentionMask.push(...Array(nobodys).fill(0));
    own.push(...Array(nobodys).fill(Number.NaN));
    return { rows: { indices, starts, attentionMask }, own };
  };

  it.each([
    [[4, 3, 2, 1, 0], 0, 0],
    [[2, 0, 4, 1, 3], 0, 6],
    [[1, 4], 3, 0],
    [[3, 2, 0], 1, 2],
  ])('find the token that they are of: %j, %i rows of padding, %i nobody’s', (...next) => {
    const known = new RowNorms(policy, lengths.length);
    const first = packed([0, 1, 2, 3, 4], 0, 3);
    known.record('layer', first.rows, first.own);
    const { rows, own } = packed(...next);
    // With the policy by position, the mean over the examples that have the position.
    const average = (position: number) => {
      const those = lengths.flatMap((length, e) => (length > position ? normOf(e, position) : []));
      return those.reduce((sum, norm) => sum + norm, 0) / those.length;
    };
    const expected: number[] = Array(own.length).fill(0);
    for (const [at, example] of rows.indices.entries())
      for (let position = 0; position < lengths[example]!; position++)
        expected[rows.starts[at]! + position] =
          policy === 'example' ? normOf(example, position) : average(position);
    expect([...known.priorities('layer', rows)]).toEqual(expected.map(Math.fround));
    // What padding and nobody's rows have is not looked at: recorded again, nothing is another.
    known.record('layer', rows, own);
    expect(known.priorities('layer', first.rows).every(Number.isFinite)).toBe(true);
    if (policy === 'example')
      expect([...known.priorities('layer', rows)]).toEqual(expected.map(Math.fround));
  });
});

describe.each(['example', 'position'] as const)('norms by %s, saved', (policy) => {
  it('come back as they were', () => {
    const known = new RowNorms(policy, 6);
    for (const layer of ['a', 'b']) known.record(layer, rows, norms);
    known.record('pooled', pooled, [7, 5, 3]);
    const restored = new RowNorms(policy, 6);
    for (const tensor of known.saved()) {
      expect(RowNorms.owns(tensor.name)).toBe(true);
      restored.restore('file', tensor);
    }
    const next = { indices: [1, 2], starts: [0, 3, 6], attentionMask: [1, 1, 1, 1, 1, 0] };
    for (const state of [known, restored]) state.record('b', next, [1, 2, 3, 4, 5, 6]);
    for (const layer of ['a', 'b', 'c', 'pooled'])
      for (const batch of layer === 'pooled' ? [pooled] : [rows, next])
        expect(restored.priorities(layer, batch)).toEqual(known.priorities(layer, batch));
    expect([...restored.saved()]).toEqual([...known.saved()]);
  });

  it('are nothing where no layer ranks rows', () => {
    expect([...new RowNorms(policy, 6).saved()]).toEqual([]);
  });
});

it('a tensor of other data is refused', () => {
  const known = new RowNorms('example', 6);
  known.record('layer', rows, norms);
  const other = new RowNorms('example', 7);
  const starts = [...known.saved()].find(({ name }) => name.includes('starts'))!;
  expect(() => other.restore('file', starts)).toThrow(DataError);
});
