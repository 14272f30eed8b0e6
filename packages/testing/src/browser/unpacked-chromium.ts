import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { extract } from 'tar-fs';

/**
 * The folder of the Chromium that comes with @sparticuz/chromium, for Linux x64, with the libraries that it
 * needs, SwiftShader among them: in the user's cache, where it is unpacked the first time; whole or not there.
 */
export async function unpackedChromium(): Promise<string> {
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
