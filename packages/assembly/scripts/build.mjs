// Compiles src/cpu.ts to dist/cpu.wasm: kernels over one imported, shared memory. Takes how much
// the compiler optimizes: node scripts/build.mjs [-O3 --converge]
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const level = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));

const { error, stderr } = await main(
  [
    'src/cpu.ts',
    '--baseDir',
    root,
    '--outFile',
    'dist/cpu.wasm',
    ...(level.length > 0 ? level : ['-O3', '--converge']),
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd,threads,bulk-memory',
    '--importMemory',
    '--sharedMemory',
    '--initialMemory',
    '1',
    '--maximumMemory',
    '65536',
    // The module's own data, if it ever has any, goes into the page that the backend leaves to it.
    '--memoryBase',
    '1024',
  ],
  {},
);
if (error) {
  console.error(stderr.toString());
  console.error(error.message);
  process.exitCode = 1;
}
