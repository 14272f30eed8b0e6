import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

/** What a program prints last, for so few glosses that TensorFlow.js' plain JavaScript gets through them. */
async function printed(program: string): Promise<Record<string, number>> {
  const file = fileURLToPath(new URL(`../${program}`, import.meta.url));
  const { stdout } = await run(process.execPath, [file, '64', '1']);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, number>;
}

it('scores about as model.fit does, in less than half of the bytes', async () => {
  const before = await printed('before.js');
  const after = await printed('after.js');
  expect(Math.abs(after.accuracy! - before.accuracy!)).toBeLessThan(0.05);
  expect(after.peakMebibytes!).toBeLessThan(0.5 * before.peakMebibytes!);
});
