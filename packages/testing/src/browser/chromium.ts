import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { extract } from 'tar-fs';

/** The environment variable that names another Chromium's or Chrome's program. */
const VARIABLE = 'SKETCHGRAD_CHROME';

// The sandbox needs what containers mostly forbid; pages here are our own. WebGPU and WebGL are by
// software, which is the same everywhere.
const ARGUMENTS = [
  ...['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  ...['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
];

/**
 * Starts a headless Chromium: the one whose path SKETCHGRAD_CHROME holds; on Linux x64 the one that comes
 * with @sparticuz/chromium, which is unpacked into the user's cache the first time; elsewhere the Chrome
 * that is installed.
 *
 * @throws Error that says what to set where there is none
 */
export async function launchChromium(): Promise<Browser> {
  const given = process.env[VARIABLE];
  if (given) return chromium.launch({ executablePath: given, args: ARGUMENTS });
  if (process.platform !== 'linux' || process.arch !== 'x64') return launchInstalled();
  const folder = await unpacked();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ARGUMENTS,
    env: { ...process.env, LD_LIBRARY_PATH: `${join(folder, 'lib')}:${folder}` },
  });
}

async function launchInstalled(): Promise<Browser> {
  try {
    return await chromium.launch({ channel: 'chrome', args: ARGUMENTS });
  } catch (cause) {
    throw new Error(
      `no Chrome is installed here: install it, or set ${VARIABLE} to the path of a Chrome's or a Chromium's program`,
      { cause },
    );
  }
}

/** The folder of the program and its libraries, whole or not there. */
async function unpacked(): Promise<string> {
  const require = createRequire(import.meta.url);
  // Its manifest and its archives are not among its exports.
  const root = join(dirname(require.resolve('@sparticuz/chromium')), '../..');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(caches, 'sketchgrad', `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const made = await mkdtemp(`${folder}-`);
  try {
    await Promise.all([
      pipeline(
        ...brotli(join(root, 'bin', 'chromium.br')),
        createWriteStream(join(made, 'chromium'), { mode: 0o755 }),
      ),
      // Libraries that a bare system lacks, and graphics by software.
      ...['al2023', 'swiftshader'].map((name) =>
        pipeline(...brotli(join(root, 'bin', `${name}.tar.br`)), extract(made)),
      ),
    ]);
    await rename(made, folder);
  } catch (error) {
    // Another process has been faster, and what is there is whole.
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(made, { recursive: true, force: true });
  }
  return folder;
}

const brotli = (file: string) =>
  [createReadStream(file), createBrotliDecompress({ chunkSize: 2 ** 21 })] as const;
