import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { unpackedChromium } from './unpacked-chromium.js';

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
  const folder = await unpackedChromium();
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
