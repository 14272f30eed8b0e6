import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

/** What a program prints last. */
async function printed(program: string, ...given: string[]): Promise<Record<string, number>> {
  const file = fileURLToPath(new URL(`../${program}`, import.meta.url));
  const { stdout } = await run(process.execPath, [file, ...given]);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, number>;
}

it('scores as model.fit does, in a third of the bytes', async () => {
  // So few digits that TensorFlow.js' plain JavaScript gets through them.
  const before = await printed('before.js', '20', '2');
  const after = await printed('after.js', '20', '2');
  expect(after.accuracy).toBeCloseTo(before.accuracy!, 6);
  expect(after.peakMebibytes!).toBeLessThan(0.35 * before.peakMebibytes!);
});

it('takes fewer where layers keep codes of their inputs, or sketches', async () => {
  const exact = await printed('after.js', '256', '1', 'exact');
  const codes = await printed('after.js', '256', '1', 'codes');
  const sketch = await printed('after.js', '256', '1', 'sketch');
  // What the pools read is two thirds of what is kept, and as it is.
  expect(codes.peakMebibytes!).toBeLessThan(0.87 * exact.peakMebibytes!);
  expect(sketch.peakMebibytes!).toBeLessThan(0.76 * exact.peakMebibytes!);
});
