// A training step of an encoder and products of matrices on one GPU: sketchgrad's beside TensorFlow.js' WebGPU
// backend and jax-js, in turns, in Node by way of Dawn:
//
//     node tools/peers/compare_webgpu.mjs --rounds 3 --times 1 [--ways dense,count,bits]
//
// Each round is a process of each. The GPU is SwiftShader on Linux x64, the machine's own where SKETCHGRAD_GPU is
// `own`. npm installs the peers into a folder of its cache's kind, once, at the versions below. Prints medians and
// ratios, as JSON too.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../command.mjs';

const PEERS = {
  ...{ '@jax-js/jax': '0.1.25', '@tensorflow/tfjs': '4.22.0' },
  ...{ '@tensorflow/tfjs-backend-webgpu': '4.22.0', webgpu: '0.6.2' },
};

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    times: { type: 'string', default: '1' },
    ways: { type: 'string', default: 'dense' },
  },
});

/** The folder that has the peers. */
async function installed() {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const versions = Object.values(PEERS).join('-');
  const folder = join(caches, 'sketchgrad', `webgpu-peers-${versions}`);
  if (existsSync(join(folder, 'package-lock.json'))) return folder;
  mkdirSync(folder, { recursive: true });
  const manifest = { private: true, type: 'module', dependencies: PEERS };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const { code } = await run(['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
  });
  if (code !== 0) throw new Error(`npm install in ${folder} ended with ${code}`);
  return folder;
}

const folder = await installed();
const here = 'tools/peers/webgpu';
/** @type {Record<string, string[]>} */
const programs = {
  sketchgrad: [`${here}/sketchgrad.mjs`, options.ways, options.times],
  'jax-js': [`${here}/jax.mjs`, folder, options.times],
  'tfjs-webgpu': [`${here}/tfjs.mjs`, folder, options.times],
};
/** @type {Map<string, Map<string, number[]>>} seconds by what was timed, then by program */
const found = new Map();
for (let round = 1; round <= Number(options.rounds); round++)
  for (const [name, words] of Object.entries(programs)) {
    const { code, output, errors } = await run([process.execPath, ...words], { capture: true });
    if (code !== 0) throw new Error(`${name} failed:\n${errors}`);
    const line = output.trim().split('\n').at(-1) ?? '';
    for (const [what, seconds] of Object.entries(JSON.parse(line))) {
      const by = found.get(what) ?? new Map();
      found.set(what, by.set(name, [...(by.get(name) ?? []), ...seconds]));
    }
    console.error(`round ${round}: ${name} ${line}`);
  }

const median = (/** @type {number[]} */ numbers) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const rows = [...found].flatMap(([what, by]) => {
  // Ways beside the dense step are compared with it.
  const own = median(by.get('sketchgrad') ?? []);
  const dense = median(found.get('step')?.get('sketchgrad') ?? []);
  return [...by].map(([name, seconds]) => ({
    ...{ what, name, seconds: median(seconds) },
    ratio: by.size === 1 ? own / dense : median(seconds) / own,
  }));
});
for (const { what, name, seconds, ratio } of rows)
  console.log(
    `${what.padEnd(14)} ${name.padEnd(12)} ${seconds.toFixed(3)} s  ${ratio.toFixed(2)} ×`,
  );
console.log(JSON.stringify(rows));
