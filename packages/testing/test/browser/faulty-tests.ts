// Runs in the page of tests-in-page.test.ts.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const said: string[] = [];

beforeAll(() => said.push('page'));

describe('outer', () => {
  beforeAll(async () => {
    await Promise.resolve();
    said.push('outer');
  });
  afterAll(() => {
    throw new Error(`after ${said.length}`);
  });

  it('passes', () => expect(said).toEqual(['page', 'outer']));

  describe('inner', () => {
    it('is wrong', () =>
      expect(new Float32Array([1, 2]), 'the sums').toEqual(Float32Array.of(1, 3)));
    it('is refused', async () => {
      await expect(Promise.reject(new RangeError('no such row'))).rejects.toThrow(/row/);
      await expect(Promise.resolve(3)).rejects.toThrow(/row/);
    });
  });
});

it('comes last', () => expect(said).toEqual(['page', 'outer']));

describe('without its ground', () => {
  beforeAll(() => {
    throw new Error('no ground');
  });
  it('cannot run', () => expect(1).toBe(1));
  it('cannot either', () => expect(1).toBe(1));
});
