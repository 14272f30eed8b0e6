import { expect, it } from 'vitest';
import { LIMIT_BYTES, RESERVED_BYTES, SharedMemory } from '../src/runtime/shared-memory.js';

const ALL = LIMIT_BYTES - RESERVED_BYTES;

it('knows the largest range that is left behind what is taken before', () => {
  const memory = new SharedMemory();
  expect(memory.largestRange()).toBe(ALL);
  const first = memory.allocate(640, 'a');
  const arena = memory.allocate(1280, 'the arena');
  const last = memory.allocate(64, 'b');
  expect(memory.largestRange()).toBe(ALL - 640 - 1280 - 64);
  memory.free(first);
  // The hole that is left takes the first two; the third lies behind all, the arena's place is free then.
  const sizes = [320, 320, 128];
  expect(memory.largestRange(arena, sizes)).toBe(ALL - 640 - 1280 - 64 - 128);
  for (const [at, bytes] of sizes.entries()) memory.allocate(bytes, `tensor ${at}`);
  expect(memory.largestRange(arena)).toBe(ALL - 640 - 1280 - 64 - 128);
  memory.free(last);
  // Nothing of it is taken by asking.
  expect(memory.largestRange(arena, [64])).toBe(ALL - 640 - 1280 - 64 - 128);
  expect(memory.largestRange(arena, [64])).toBe(ALL - 640 - 1280 - 64 - 128);
});

it('is below 0 where what is taken before does not fit', () => {
  expect(new SharedMemory().largestRange(undefined, [ALL])).toBe(0);
  expect(new SharedMemory().largestRange(undefined, [ALL + 64])).toBeLessThan(0);
  expect(new SharedMemory().largestRange(undefined, [ALL, 64])).toBeLessThan(0);
});
