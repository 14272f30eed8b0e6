// A copy of the working tree to mutate: nothing that is interrupted leaves a mutant in the sources.

import { cpSync, existsSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPackages } from '../checks/workspace.mjs';
import { run } from '../command.mjs';

/**
 * Copies what git tracks or would track, with what was built; node_modules are links to ours.
 * @param {string} root
 * @returns {Promise<string>} the folder
 */
export async function copyTree(root) {
  const folder = mkdtempSync(join(tmpdir(), 'sketchgrad-mutate-'));
  const listed = await run(['git', 'ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    capture: true,
  });
  if (listed.code !== 0) throw new Error(`git ls-files failed: ${listed.errors}`);
  for (const file of listed.output.split('\0').filter(Boolean)) {
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  for (const location of ['.', ...findPackages(root).map((each) => each.location)]) {
    const from = join(root, location, 'node_modules');
    if (existsSync(from)) symlinkSync(from, join(folder, location, 'node_modules'));
    const built = join(root, location, 'dist');
    if (existsSync(built)) cpSync(built, join(folder, location, 'dist'), { recursive: true });
  }
  return folder;
}
