// The README's library example on TensorFlow.js, from a folder where npm put the packages beside it.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../command.mjs';
import { tally } from '../report.mjs';
import { findPackages } from '../workspace.mjs';
import { exampleOfReadme, withoutTypes } from './example.mjs';
import { installTarballs } from './folder.mjs';
import { outcome } from './outcome.mjs';
import { pack } from './pack.mjs';

/**
 * @typedef {import('./pack.mjs').Packed} Packed
 * @typedef {import('../report.mjs').Outcome} Outcome
 * @typedef {'wasm' | 'node'} Platform
 */

/** Those of ours that the example takes. */
const isOurs = (/** @type {{ manifest: { name: string } }} */ { manifest }) =>
  /\/(core|backend-tfjs|datasets|models|train)$/.test(manifest.name);

/** What the example loads, and what it loads here. */
const LOADED = "loadBackend('cpu')";
const loads = (/** @type {Platform} */ platform) =>
  `loadBackend('tfjs', { platform: '${platform}' })`;

/** What of TensorFlow.js the registry has, by the version that backend-tfjs asks for. */
function besideOf(/** @type {Packed[]} */ packed) {
  const { manifest } = packed.find(({ manifest }) => manifest.name.endsWith('/backend-tfjs')) ?? {};
  const peers = manifest?.peerDependencies ?? {};
  return Object.fromEntries(
    ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'].map((name) => [name, peers[name]]),
  );
}

/**
 * @param {string} folder an empty one
 * @param {Packed[]} packed
 * @returns {Promise<Outcome>}
 */
export async function exampleOnWasm(folder, packed) {
  const ready = await installTarballs(folder, packed.filter(isOurs), besideOf(packed));
  return ready.passed ? run(folder, 'wasm') : ready;
}

/**
 * The same beside tfjs-node, which is set up already: its installer would fetch libtensorflow.
 * @param {string} location of tfjs-node
 */
export async function exampleOnNode(location) {
  const folder = mkdtempSync(join(tmpdir(), 'sketchgrad-tfjs-node-'));
  try {
    const packages = findPackages(root).filter(isOurs);
    const packed = [];
    for (const one of packages) packed.push(await pack(one, folder));
    const ready = await installTarballs(folder, packed, {});
    if (!ready.passed) return tally([ready]);
    mkdirSync(join(folder, 'node_modules/@tensorflow'), { recursive: true });
    symlinkSync(location, join(folder, 'node_modules/@tensorflow/tfjs-node'));
    return tally([await run(folder, 'node')]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {Platform} platform
 * @returns {Promise<Outcome>}
 */
async function run(folder, platform) {
  const name = `README's example runs on tfjs:${platform}`;
  const { source, problem } = exampleOfReadme();
  if (source === undefined) return { name, passed: false, detail: problem };
  if (!source.includes(LOADED))
    return { name, passed: false, detail: `README's example has no ${LOADED}` };
  const program = withoutTypes(source.replace(LOADED, loads(platform)));
  writeFileSync(join(folder, 'example.js'), program);
  return outcome(name, folder, [process.execPath, 'example.js']);
}
