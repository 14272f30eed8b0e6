import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

/**
 * Starts another process of Node, which trains a few steps on `loadBackend(name, options)`.
 *
 * @param name a backend's name, or the URL of the module that exports it, where one found by its name
 * could be another build
 * @returns the fingerprint of the bits that it ends with
 */
export async function fingerprintOf(
  name: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const program = createRequire(import.meta.url).resolve('@sketchgrad/testing/child');
  const args = [program, name, JSON.stringify(options)];
  return (await promisify(execFile)(process.execPath, args)).stdout;
}
