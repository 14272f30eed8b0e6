// What a page takes of the packages: every plain entry (`.`, and what stands beside it without Node) is bundled for a browser as a user's bundler
// would do it. It may reach no module of Node, not even by an import that comes later, may mention none of
// Node's globals, and has a size.

import { isBuiltin } from 'node:module';
import { join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { root } from '../command.mjs';
import { tally } from './report.mjs';

/** @typedef {import('./report.mjs').Outcome} Outcome */

/**
 * The most bytes of each entry, with all that it takes of the others, minified and gzipped; and of what a
 * page that trains takes together.
 * @type {readonly { readonly entries: readonly string[], readonly mostBytes: number }[]}
 */
const BUNDLES = [
  { entries: ['core'], mostBytes: 38_000 },
  { entries: ['datasets'], mostBytes: 41_000 },
  { entries: ['models'], mostBytes: 34_000 },
  // 54,000 until there were SGD, momentum, RMSProp and Adagrad, and convolutions' estimators.
  { entries: ['train'], mostBytes: 58_000 },
  { entries: ['train/language'], mostBytes: 24_000 },
  { entries: ['bench'], mostBytes: 36_000 },
  // 47,000 until what is done beside TensorFlow.js was WebAssembly's: 8,400 of it.
  { entries: ['backend-tfjs'], mostBytes: 58_000 },
  // To be 70,000: it has every op, and nothing of it was made small yet.
  { entries: ['core', 'backend-webgpu'], mostBytes: 82_000 },
  // 105,000 until core had images' ops and their estimators, and train other optimizers.
  { entries: ['core', 'datasets', 'models', 'train'], mostBytes: 112_000 },
];

/** Which package sees all others, as a user's would. */
const user = join(root, 'apps/glue');

/** What Node has and browsers have not. */
const GLOBALS = ['process', 'Buffer', '__dirname', '__filename', 'global', 'setImmediate'];
const mark = 'ofNode$';

/** @returns {Promise<import('./report.mjs').Tally>} */
export async function bundles() {
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const { entries, mostBytes } of BUNDLES) {
    const source = entries
      .map((name) => `export * as '${name}' from '@sketchgrad/${name}';`)
      .join('');
    const name = `${entries.join(', ')} in a browser`;
    const breaches = await needsOfNode(source, user);
    const found =
      breaches.length > 0 ? { name, passed: false, detail: breaches.join('\n') } : undefined;
    outcomes.push(found ?? (await sized(name, source, mostBytes)));
  }
  return tally(outcomes);
}

/**
 * @param {string} name
 * @param {string} source
 * @param {number} mostBytes
 * @returns {Promise<Outcome>}
 */
async function sized(name, source, mostBytes) {
  const bytes = await bundledBytes(source, user);
  const later = (await bundledBytes(source, user, { later: true })) - bytes;
  const said = [
    `${inKilobytes(bytes)} of ${inKilobytes(mostBytes)} minified and gzipped`,
    ...(later > 500 ? [`${inKilobytes(later)} more when asked for`] : []),
  ].join(', ');
  const passed = bytes <= mostBytes;
  console.log(`${passed ? '✓' : '✗'} ${name}: ${said}`);
  return { name, passed, detail: said };
}

/** @param {number} bytes */
const inKilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/**
 * What a module needs of Node, with all that it imports, then or later; each a sentence.
 * @param {string} source JavaScript
 * @param {string} folder where its imports are found from
 * @returns {Promise<string[]>}
 */
export async function needsOfNode(source, folder) {
  /** @type {Set<string>} */
  const found = new Set();
  const define = Object.fromEntries(
    GLOBALS.flatMap((name) => [
      [name, mark + name],
      [`globalThis.${name}`, mark + name],
    ]),
  );
  const { outputFiles } = await build({
    ...settings(source, folder),
    define,
    plugins: [
      {
        name: 'modules of Node',
        setup({ onResolve }) {
          onResolve({ filter: /.*/ }, ({ path, importer }) => {
            if (!isBuiltin(path)) return undefined;
            found.add(`${within(importer, folder)} imports ${path}`);
            return { path, external: true };
          });
        },
      },
    ],
  });
  // Each file's code stands behind a comment that names the file.
  let file = '';
  for (const line of outputFiles.flatMap(({ text }) => text.split('\n'))) {
    const named = /^ *\/\/ (\S+\.[cm]?[jt]sx?)$/.exec(line);
    if (named?.[1] !== undefined) file = named[1];
    for (const [, name] of line.matchAll(/ofNode\$(\w+)/g)) {
      found.add(`${file} mentions ${name}: ${line.trim().replaceAll(mark, '').slice(0, 100)}`);
    }
    if (/\b__require\(/.test(line))
      found.add(`${file} calls require(): ${line.trim().slice(0, 100)}`);
  }
  return [...found];
}

/**
 * The bytes of a module with all that it imports, minified and gzipped.
 * @param {string} source JavaScript
 * @param {string} folder where its imports are found from
 * @param {{ readonly later?: boolean }} [options] `later`: also what is only imported when asked for
 */
export async function bundledBytes(source, folder, { later = false } = {}) {
  const { outputFiles } = await build({
    ...settings(source, folder),
    minify: true,
    plugins: [
      {
        name: 'what is imported later',
        setup({ onResolve }) {
          onResolve({ filter: /.*/ }, ({ path, kind }) =>
            kind === 'dynamic-import' && !later ? { path, external: true } : undefined,
          );
        },
      },
    ],
  });
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0);
}

/**
 * @param {string} source
 * @param {string} folder
 * @returns {import('esbuild').BuildOptions & { write: false }}
 */
function settings(source, folder) {
  return {
    stdin: { contents: source, resolveDir: folder, sourcefile: '(entry)' },
    absWorkingDir: folder,
    bundle: true,
    // What users choose and install themselves, of others.
    external: ['@tensorflow/*'],
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  };
}

/** @param {string} file @param {string} folder */
const within = (file, folder) => relative(folder, file).split(sep).join('/');
