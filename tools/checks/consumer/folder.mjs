// What a user does in a folder of their own: install, run, type-check.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from '../../command.mjs';
import { withoutTypes } from './example.mjs';
import { outcome } from './outcome.mjs';

/**
 * @typedef {import('./pack.mjs').Packed} Packed
 * @typedef {import('../report.mjs').Outcome} Outcome
 */

/**
 * Installs tarballs with npm, and what else is named. No package's install script runs: onnxruntime-node's
 * would fetch CUDA libraries from elsewhere.
 * @param {string} folder
 * @param {Packed[]} packed
 * @param {Record<string, string | undefined>} beside versions by name
 * @returns {Promise<Outcome>}
 */
export async function installTarballs(folder, packed, beside) {
  const ours = packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]);
  const dependencies = { ...Object.fromEntries(ours), ...beside };
  const manifest = { private: true, type: 'module', dependencies };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const options = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  return outcome('npm install', folder, ['npm', 'install', ...options]);
}

/**
 * Runs the example as JavaScript.
 * @param {string} folder
 * @param {string} source TypeScript
 */
export async function runExample(folder, source) {
  writeFileSync(join(folder, 'example.js'), withoutTypes(source));
  return outcome("README's example runs", folder, [process.execPath, 'example.js']);
}

/**
 * Type-checks the example as a strict user would, our declarations included.
 * @param {string} folder
 * @param {string} source TypeScript
 */
export async function typesOfExample(folder, source) {
  writeFileSync(join(folder, 'example.ts'), source);
  const options = {
    strict: true,
    noEmit: true,
    target: 'ES2022',
    module: 'NodeNext',
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    types: ['node'],
  };
  const configuration = { compilerOptions: options, files: ['example.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration));
  return outcome("README's example type-checks", folder, [installed('tsc'), '-p', '.']);
}

/**
 * Every entry of every library can be imported, and every command starts.
 * @param {string} folder
 * @param {Packed[]} packed
 */
export async function startsBinaries(folder, packed) {
  const imports = packed.flatMap(({ manifest }) =>
    Object.keys(manifest.exports ?? {})
      .filter((entry) => entry !== './package.json')
      .map((entry) => `await import('${manifest.name}${entry.slice(1)}');`),
  );
  const commands = packed.flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}));
  writeFileSync(join(folder, 'imports.js'), imports.join('\n'));
  const runs = [
    [process.execPath, 'imports.js'],
    ...commands.map((name) => [join(folder, 'node_modules', '.bin', name), '--help']),
  ];
  for (const command of runs) {
    const started = await outcome('libraries import and commands start', folder, command);
    if (!started.passed) return started;
  }
  return { name: 'libraries import and commands start', passed: true };
}
