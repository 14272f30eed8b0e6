import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { launchChromium } from './chromium.js';
import { type Served, serve } from './serve.js';

/** What a page is made of. */
export interface PageOptions {
  /** The module that runs in the page: TypeScript or JavaScript, bundled for browsers with what it imports. */
  readonly module: URL;
  /** Files that the page may fetch, by name: `fetch('/files/NAME')`. */
  readonly files?: Readonly<Record<string, string>>;
  /** For the bundler, for example to put another module in one's place. */
  readonly plugins?: readonly Plugin[];
}

/** A page of a headless Chromium of its own. */
export interface BrowserPage {
  /**
   * Calls a function that the page's module exports.
   *
   * @param args what JSON holds
   * @returns what it returns or resolves to, where JSON holds that
   * @throws Error, with the page's stack, for what it throws
   */
  call<Result>(name: string, ...args: readonly unknown[]): Promise<Result>;
  /** What the page has said on its console so far, and errors that nobody caught. */
  readonly said: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens a page in which a module runs, from a server of this machine, cross-origin isolated.
 *
 * @throws Error where there is no Chromium, or the module cannot be bundled for browsers
 */
export async function openPage({
  module,
  files = {},
  plugins = [],
}: PageOptions): Promise<BrowserPage> {
  const script = await bundled(fileURLToPath(module), plugins);
  const server = await serve(
    new Map<string, Served>([
      ['/', { text: '<!doctype html><title>sketchgrad</title>', type: 'text/html' }],
      ['/page.js', { text: script, type: 'text/javascript' }],
      ...Object.entries(files).map(([name, file]): [string, Served] => [
        `/files/${name}`,
        { file },
      ]),
    ]),
  );
  try {
    const browser = await launchChromium();
    const close = async () => {
      await browser.close();
      await server.close();
    };
    try {
      const page = await browser.newPage();
      const said: string[] = [];
      page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => said.push(`uncaught: ${error.message}`));
      await page.goto(server.origin);
      const call = <Result>(name: string, ...args: readonly unknown[]): Promise<Result> => {
        const [called, given] = [name, args].map((value) => JSON.stringify(value));
        return page.evaluate(`import('/page.js').then((it) => it[${called}](...${given}))`);
      };
      return { call, said, close };
    } catch (error) {
      await browser.close();
      throw error;
    }
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function bundled(file: string, plugins: readonly Plugin[]): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    sourcemap: 'inline',
    write: false,
    logLevel: 'silent',
    plugins: [...plugins],
  });
  return outputFiles[0]!.text;
}
