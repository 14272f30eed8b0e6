// Tarballs as `pnpm publish` would upload them.

import { run } from '../../command.mjs';

/**
 * @typedef {object} Packed
 * @property {string} tarball absolute path
 * @property {string[]} files what it holds, as paths within the package
 * @property {import('../workspace.mjs').Manifest} manifest
 *
 * @typedef {import('../report.mjs').Outcome} Outcome
 */

/**
 * @param {import('../workspace.mjs').Package} one built
 * @param {string} destination
 * @returns {Promise<Packed>}
 */
export async function pack({ folder, manifest }, destination) {
  const { code, output, errors } = await run(
    ['pnpm', 'pack', '--json', '--pack-destination', destination],
    { cwd: folder, capture: true },
  );
  if (code !== 0) throw new Error(`cannot pack ${manifest.name}:\n${output}${errors}`);
  const { filename: tarball, files } = JSON.parse(output.slice(output.indexOf('{')));
  return {
    tarball,
    files: files.map((/** @type {{ path: string }} */ { path }) => path),
    manifest,
  };
}

/**
 * Whether a tarball holds what it should: the manifest's files, the README and nothing that only
 * this repository needs.
 * @param {Packed} packed
 * @returns {Outcome}
 */
export function contentsOf({ files, manifest }) {
  const missing = ['README.md', ...Object.values(manifest.bin ?? {})]
    .map((path) => path.replace(/^\.\//, ''))
    .filter((path) => !files.includes(path));
  const needless = files.filter((path) =>
    /(^|\/)(test|src|node_modules)\/|\.tsbuildinfo$/.test(path),
  );
  return {
    name: `contents of ${manifest.name}`,
    passed: missing.length === 0 && needless.length === 0,
    detail: [
      ...missing.map((path) => `${path} is missing`),
      ...needless.map((path) => `${path} should not be in it`),
    ].join('\n'),
  };
}
