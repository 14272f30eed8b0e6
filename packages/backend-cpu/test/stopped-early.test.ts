import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

// The built package, in a process that a native crash would end.
const built = new URL('../dist/index.js', import.meta.url);

/** Runs a program from a file of its own: threads inherit the options of one that is typed in. */
async function program(text: string) {
  const file = join(await mkdtemp(join(tmpdir(), 'sketchgrad-threads-')), 'program.mjs');
  await writeFile(
    file,
    `const { createBackend } = await import(${JSON.stringify(built.href)});
    ${text}
    console.log('ended');`,
  );
  return promisify(execFile)(process.execPath, [file]);
}

/** Runs a program that has made a backend and whose threads are just starting. */
const after = (rest: string) =>
  program(`
    const backend = await createBackend({ threads: 4 });
    backend.createState();
    ${rest}`);

describe('threads that are only starting', () => {
  // When they have got to what must not be stopped differs from one machine to the next.
  it.each([0, 10, 20, 30, 40, 60, 80])('are stopped with the backend after %d ms', async (wait) => {
    const { stdout } = await after(`
      await new Promise((resolve) => setTimeout(resolve, ${wait}));
      await backend.dispose();`);
    expect(stdout).toBe('ended\n');
  });

  it('are stopped when all run, though some run long before others', async () => {
    const { stdout } = await program(`
      for (let round = 0; round < 10; round++) {
        const backend = await createBackend({ threads: 8 });
        backend.createState();
        await backend.dispose();
      }`);
    expect(stdout).toBe('ended\n');
  });

  it('let a program end that has forgotten them', async () => {
    expect((await after('')).stdout).toBe('ended\n');
  });
});
