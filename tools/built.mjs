// What `pnpm glue` and `pnpm gcn` call: `node tools/built.mjs apps/glue/dist/cli.js …` runs a program of
// the repository in this process, and builds first what it needs where that has not been built yet.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findPackages } from './checks/workspace.mjs';
import { installed, root, turbo } from './command.mjs';

/**
 * The package that a program is of, with all that it depends on in the repository.
 * @param {import('./checks/workspace.mjs').Package[]} packages
 * @param {string} program from the root, e.g. 'apps/glue/dist/cli.js'
 * @returns {import('./checks/workspace.mjs').Package[]} its own package first
 */
export function packagesOf(packages, program) {
  const own = packages.find(({ location }) => program.startsWith(`${location}/`));
  const needed = own ? [own] : [];
  for (const { manifest } of needed)
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      const found = packages.find((each) => each.manifest.name === name);
      if (found && !needed.includes(found)) needed.push(found);
    }
  return needed;
}

/**
 * Builds what a program needs, if some of it is missing. Standard output is the program's.
 * @param {string} program
 * @returns {Promise<number>} an exit code
 */
async function build(program) {
  const needed = packagesOf(findPackages(root), program);
  const isBuilt = needed.every(({ folder }) => existsSync(join(folder, 'dist')));
  if (isBuilt && existsSync(join(root, program))) return 0;
  if (!existsSync(installed('turbo'))) {
    console.error('sketchgrad: nothing is installed yet: run pnpm install, then this again');
    return 1;
  }
  console.error('Building …');
  const built = await turbo(['build', `--filter=${needed[0]?.manifest.name}...`], {
    capture: true,
  });
  if (built.code !== 0) process.stderr.write(built.output + built.errors);
  return built.code;
}

const [, self, program = '', ...words] = process.argv;
if (self && import.meta.url === pathToFileURL(self).href) {
  process.exitCode = await build(program);
  if (process.exitCode === 0) {
    const file = join(root, program);
    process.argv.splice(1, process.argv.length, file, ...words);
    await import(pathToFileURL(file).href);
  }
}
