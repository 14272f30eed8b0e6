// Compiles the two modules: src/cpu.ts to dist/cpu.wasm, kernels over one imported, shared memory, and
// src/host.ts to dist/host.js, over memory of its own, as text that is bundled with what uses it. Takes how
// much the compiler optimizes: node scripts/build.mjs [-O3 --converge]
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const level = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
const file = (/** @type {string} */ name) => new URL(`../dist/${name}`, import.meta.url);

await compile('cpu', [
  ...['--enable', 'simd,threads,bulk-memory'],
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  // The module's own data, if it ever has any, goes into the page that the backend leaves to it.
  ...['--memoryBase', '1024'],
]);
await compile('host', ['--enable', 'simd,bulk-memory', '--initialMemory', '1']);

const text = (await readFile(file('host.wasm'))).toString('base64');
await writeFile(file('host.js'), `export const HOST_MODULE = '${text}';\n`);
await writeFile(
  file('host.d.ts'),
  '/** The WebAssembly module of `src/host.ts`, in base64. */\nexport declare const HOST_MODULE: string;\n',
);

/**
 * @param {string} name of the source and of the module
 * @param {readonly string[]} options
 */
async function compile(name, options) {
  const { error, stderr } = await main(
    [
      ...[`src/${name}.ts`, '--baseDir', root, '--outFile', `dist/${name}.wasm`],
      ...(level.length > 0 ? level : ['-O3', '--converge']),
      ...['--noAssert', '--runtime', 'stub', ...options],
    ],
    {},
  );
  if (!error) return;
  console.error(stderr.toString());
  throw error;
}
