// tfjs-node from npm and PyPI alone, where its own installer, which fetches from a store of Google's, finds
// nothing: libtensorflow and its headers out of TensorFlow's wheel, the binding compiled here. npm and pip
// fetch, with whatever mirrors, proxies and certificates they are set up with.

import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from '../bootstrap.mjs';
import { must } from './must.mjs';
import { needs } from './needs.mjs';
import { wheels } from './pinned.mjs';

const unpacker = fileURLToPath(new URL('unpack_wheel.py', import.meta.url));

/**
 * Builds the tfjs-node whose package is in a folder.
 * @param {string} folder with `node_modules/@tensorflow/tfjs-node`, its scripts not run or failed
 * @param {NodeJS.ProcessEnv} environment
 * @throws SetupError
 */
export async function buildFromRegistries(folder, environment) {
  const system = `${process.platform}-${process.arch}`;
  const wheel = wheels[system];
  if (wheel === undefined)
    throw new SetupError(
      `no wheel of TensorFlow is known for ${system}, only for ${Object.keys(wheels).join(', ')}: there only the package's own installer works`,
    );
  const { python, headers } = await needs(environment);
  const package_ = join(folder, 'node_modules/@tensorflow/tfjs-node');
  for (const left of ['deps', 'lib', 'build'])
    await rm(join(package_, left), { recursive: true, force: true });

  console.error(`Fetching ${wheel.requirement} with pip …`);
  const downloads = join(folder, 'wheel');
  await mkdir(downloads, { recursive: true });
  const pinned = join(downloads, 'requirements.txt');
  await writeFile(pinned, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
  await must('pip', [python, '-m', 'pip', ...pipDownload(wheel, pinned, downloads)], {
    environment,
    secondsAllowed: 1200,
    advice: 'a first set-up needs PyPI, or the index that pip is set up with',
  });
  const file = (await readdir(downloads)).find((name) => name.endsWith('.whl')) ?? '';
  await must('unpacking', [python, unpacker, join(downloads, file), join(package_, 'deps')], {
    environment,
    secondsAllowed: 300,
  });
  await rm(downloads, { recursive: true });

  console.error('Compiling its binding …');
  const nodedir = headers === undefined ? [] : [`--nodedir=${headers}`];
  const compile = ['npm', 'run', 'build-addon-from-source', '--', ...nodedir];
  await must('compiling', compile, {
    cwd: package_,
    environment,
    secondsAllowed: 600,
    advice:
      headers === undefined
        ? `the headers of Node ${process.version} are not beside it, and node-gyp needs them: install them (apt-get install libnode-dev where Node is Debian's), or name their folder with npm config set nodedir FOLDER`
        : undefined,
  });
}

/**
 * @param {import('./pinned.mjs').Wheel} wheel
 * @param {string} pinned a requirements.txt
 * @param {string} folder
 */
const pipDownload = ({ platform, python }, pinned, folder) => [
  'download',
  ...['--no-deps', '--require-hashes', '--only-binary=:all:', '--disable-pip-version-check'],
  ...['--implementation', 'cp', '--platform', platform, '--python-version', python],
  ...['--dest', folder, '--requirement', pinned, '--quiet'],
];
