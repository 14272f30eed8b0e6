import { fuzz } from '@sketchgrad/testing/fuzz';
import { describe, expect, it } from 'vitest';
import { readers } from './readers.js';

// The full form is `pnpm fuzz`: more inputs, with an eye on time and memory.
describe.each(readers)('damaged input to the reader $name', (reader) => {
  it('is a right answer or a typed error', async () => {
    // Each resumed run is a training of its own.
    const count = reader.name === 'resumed-run' ? 60 : 200;
    const { answers, errors, failures } = await fuzz(reader, { count });
    expect(failures).toEqual([]);
    expect(answers).toBeGreaterThan(0);
    expect(errors).toBeGreaterThan(0);
  });
});
