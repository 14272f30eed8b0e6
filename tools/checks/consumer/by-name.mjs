// A backend is loaded by its name from wherever installers put it: beside core, where npm puts it; apart
// from it, where pnpm does and only the running program or its folder sees both; and globally.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcome } from './outcome.mjs';

/**
 * @typedef {import('./pack.mjs').Packed} Packed
 * @typedef {import('../report.mjs').Outcome} Outcome
 */

const source = `
import { loadBackend } from '@sketchgrad/core';

const backend = await loadBackend('cpu', { threads: 1 });
if (backend.name !== 'cpu') throw new Error(\`it is \${backend.name}\`);
await backend.dispose();
`;

/** @param {string} folder where core and the backend are installed by npm */
export async function byNameWithNpm(folder) {
  writeFileSync(join(folder, 'by-name.js'), source);
  const command = [process.execPath, join(folder, 'by-name.js')];
  return outcome('npm: a backend loads by name', tmpdir(), command);
}

/**
 * A workspace of pnpm's without hoisting: core, which lies at its root, does not see the backend; only the
 * app does, and programs that come with one.
 * @param {string} folder an empty one
 * @param {Packed[]} packed
 */
export async function byNameWithPnpm(folder, packed) {
  const app = join(folder, 'app');
  const link = join(folder, 'link.js');
  program(app, packed);
  // What packages of ours ask of each other is in no registry.
  const root = { private: true, type: 'module', pnpm: { overrides: tarballs(packed) } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(root));
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), 'packages: [app]\n');
  writeFileSync(join(folder, '.npmrc'), 'node-linker=isolated\nhoist=false\n');
  symlinkSync(join(app, 'by-name.js'), link);
  return inTurn('strict pnpm: a backend loads by name', [
    [folder, ['pnpm', 'install', '--ignore-scripts', '--prefer-offline']],
    // As the running program, started from elsewhere; by a link; and from the working directory alone.
    [tmpdir(), [process.execPath, join(app, 'by-name.js')]],
    [tmpdir(), [process.execPath, link]],
    [app, [process.execPath, '--input-type=module', '--eval', source]],
  ]);
}

/**
 * A command with a backend of its own, installed globally by npm.
 * @param {string} folder an empty one
 * @param {Packed[]} packed
 */
export async function byNameGlobally(folder, packed) {
  const prefix = join(folder, 'prefix');
  const commands = process.platform === 'win32' ? prefix : join(prefix, 'bin');
  const options = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  const place = ['--global', '--prefix', prefix, '--install-links'];
  return inTurn('npm install --global: a backend loads by name', [
    [folder, ['npm', 'install', ...place, ...options, program(join(folder, 'program'), packed)]],
    [tmpdir(), [join(commands, 'by-name')]],
  ]);
}

/**
 * A package with a command that loads a backend by its name.
 * @param {string} folder made
 * @param {Packed[]} packed
 * @returns {string} the folder
 */
function program(folder, packed) {
  mkdirSync(folder);
  const manifest = {
    ...{ name: 'by-name', version: '1.0.0', type: 'module', bin: { 'by-name': 'by-name.js' } },
    dependencies: tarballs(packed),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'by-name.js'), `#!/usr/bin/env node\n${source}`);
  return folder;
}

/** @param {Packed[]} packed */
const tarballs = (packed) =>
  Object.fromEntries(
    packed
      .filter(({ manifest }) => /\/(core|backend-cpu)$/.test(manifest.name))
      .map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]),
  );

/**
 * @param {string} name
 * @param {[cwd: string, command: string[]][]} commands
 * @returns {Promise<Outcome>} that of the first that fails
 */
async function inTurn(name, commands) {
  for (const [cwd, command] of commands) {
    const found = await outcome(name, cwd, command);
    if (!found.passed) return found;
  }
  return { name, passed: true };
}
