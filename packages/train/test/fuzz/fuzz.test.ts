import { fuzz } from '@sketchgrad/testing/fuzz';
import { describe, expect, it } from 'vitest';
import { checkpoint } from './checkpoint.js';
import { resumedRun } from './resumed-run.js';

// The full form is `pnpm fuzz`: more inputs, with an eye on time and memory.
describe.each([
  { reader: checkpoint, count: 200 },
  // Each is a training run.
  { reader: resumedRun, count: 60 },
])('damaged input to the reader $reader.name', ({ reader, count }) => {
  it('is a right answer or a typed error', async () => {
    const { answers, errors, failures } = await fuzz(reader, { count });
    expect(failures).toEqual([]);
    expect(answers).toBeGreaterThan(0);
    expect(errors).toBeGreaterThan(0);
  });
});
