// Speed of each WebAssembly kernel on one thread: node bench/kernels.mjs [part of a name]
import { readFileSync } from 'node:fs';

const only = process.argv[2] ?? '';
const module = new WebAssembly.Module(
  readFileSync(new URL('../dist/kernels.wasm', import.meta.url)),
);
const memory = new WebAssembly.Memory({ initial: 4096, maximum: 65536, shared: true });
const { exports: kernels } = new WebAssembly.Instance(module, {
  env: { memory, product: () => undefined },
});

const MEGA = 1 << 20;
// Apart by no power of two: stores would hold up loads at the same place in another page.
const [a, b, c, d] = [1, 33, 65, 97].map((mega, i) => mega * MEGA + i * 1088);
const small = 129 * MEGA;
const f32 = (address, n) => new Float32Array(memory.buffer, address, n);
const i32 = (address, n) => new Int32Array(memory.buffer, address, n);
for (const address of [a, b, c, d])
  f32(address, 8 * MEGA).forEach((_, i, all) => {
    all[i] = Math.sin(i * 1.37) * 2;
  });

/** Activations, [tokens, features] and [tokens, 4 · features]: few, so that calls are short. */
const [rows, n] = [64, 384];
const wide = rows * 4 * n;

const report = [];

/**
 * @param elements what one call makes; @param bytes what it reads and writes, 0 if that is not the
 * point
 */
function measure(name, elements, bytes, call) {
  if (!name.includes(only)) return;
  const time = () => {
    const start = performance.now();
    call();
    return (performance.now() - start) / 1000;
  };
  // Long enough for V8 to replace its first code by its best.
  const warm = performance.now() + 300;
  while (performance.now() < warm) time();
  // The fastest: what else the machine does is not the kernel's.
  const seconds = Math.min(...Array.from({ length: 1000 }, time));
  const gigabytes = bytes ? `${(bytes / seconds / 1e9).toFixed(1).padStart(7)} GB/s` : '';
  const millions = (elements / seconds / 1e6).toFixed(0).padStart(7);
  report.push([name.padEnd(28), `${millions} M/s`, gigabytes].join('  '));
}

const shape = [1, 1, 1, wide];
measure('add, same shapes', wide, 12 * wide, () =>
  kernels.add(0, 1, a, b, c, ...shape, 0, 0, 0, 1, 0, 0, 0, 1),
);
const matrix = [1, 1, rows, 4 * n];
measure('add, a row', wide, 8 * wide, () =>
  kernels.add(0, 1, a, b, c, ...matrix, 0, 0, 4 * n, 1, 0, 0, 0, 1),
);
measure('multiply, a column', wide, 8 * wide, () =>
  kernels.multiply(0, 1, a, b, c, ...matrix, 0, 0, 4 * n, 1, 0, 0, 1, 0),
);
measure('divide, a scalar', wide, 8 * wide, () =>
  kernels.divide(0, 1, a, b, c, ...shape, 0, 0, 0, 1, 0, 0, 0, 0),
);
measure('broadcastTo, a row', wide, 4 * wide, () =>
  kernels.broadcastTo(0, 1, a, c, ...matrix, 0, 0, 0, 1),
);
for (const name of ['relu', 'squareRoot', 'exponential', 'logarithm', 'tanh', 'gelu'])
  measure(name, wide, 8 * wide, () => kernels[name](0, 1, a, c, wide));
measure('scale', wide, 8 * wide, () => kernels.scale(0, 1, a, c, wide, 0.3));
for (const name of ['reluGradient', 'geluGradient'])
  measure(name, wide, 12 * wide, () => kernels[name](0, 1, a, b, c, wide));

const size = rows * n;
measure('softmax, rows of 384', size, 8 * size, () => kernels.softmax(0, 1, a, c, rows, n));
measure('normalize', size, 8 * size, () => kernels.normalize(0, 1, a, c, small, rows, n, 1e-5));
measure('normalizeGradient', size, 12 * size, () =>
  kernels.normalizeGradient(0, 1, a, small, b, c, rows, n),
);
measure('affine', size, 8 * size, () => kernels.affine(0, 1, a, small, small + 4096, c, rows, n));
measure('affineGradient', size, 12 * size, () =>
  kernels.affineGradient(0, 1, a, small, b, c, small + 4096, small + 8192, rows, n),
);
measure('sum over rows (db)', wide, 4 * wide, () =>
  kernels.sumMiddle(0, 1, a, small, 1, rows, 4 * n),
);
measure('sum over columns', wide, 4 * wide, () => kernels.sumRows(0, 1, a, small, rows, 4 * n));
measure('squaredNorm', wide, 4 * wide, () => kernels.squareBlocks(0, 1, a, small, wide));
measure('transpose', size, 8 * size, () => kernels.transpose(0, 1, a, c, rows, n));
const indices = i32(small + MEGA, rows);
const vocabulary = 16384;
for (let i = 0; i < rows; i++) indices[i] = (i * 7919) % vocabulary;
measure('gather', size, 8 * size, () =>
  kernels.gather(0, 1, a, small + MEGA, c, vocabulary, rows, n),
);
measure('scatterAdd', size, 12 * size, () =>
  kernels.scatterAdd(0, 1, a, small + MEGA, c, vocabulary, rows, n),
);
measure('clear', wide, 4 * wide, () => kernels.clear(0, 1, c, wide));
measure('accumulate', wide, 12 * wide, () => kernels.accumulate(0, 1, c, a, wide));
const settings = small + 2 * MEGA;
f32(settings, 8).set([1e-4, 0.9, 0.98, 1e-6, 0.1, 0.1, 0.02, 1]);
const parameters = MEGA / 8;
f32(d, parameters).fill(0.5);
measure('adamw', parameters, 28 * parameters, () =>
  kernels.adamw(0, 1, a, b, c, d, settings, 0, 1, parameters),
);

const key = small + 3 * MEGA;
i32(key, 2).set([42, 7]);
measure('threefry, 32-bit words', MEGA / 8, 0, () =>
  kernels.threefryBlocks(c, key, 3, 0, MEGA / 64),
);
measure('dropout', wide, 8 * wide, () => kernels.dropout(0, 1, a, key, c, wide, 3, 6554));
const table = small + 4 * MEGA;
const tile = [a, 205];
for (const [kind, name] of ['gaussian', 'rademacher'].entries()) {
  const width = kind === 0 ? 500 : 512;
  measure(`sketch, ${name}`, tile[1] * width, 0, () =>
    kernels.sketchTile(tile[0], kind, rows, 0, width, tile[1], key, 3, table, 0.07, 0),
  );
}

// Codes of 3 bits in rotated groups of 128, rounded, and read as they are and without their dither.
const [rounded, ranges, room] = [8, 11, 12].map((mega) => small + mega * MEGA);
const one3 = [rows, 4 * n, 128];
const threeBits = [0, 0, rows, 0];
const stride = 4 * (2 + 1 / 2) * 4 * n;
const round = () =>
  kernels.quantize(0, 1, a, key, 0, rounded, ranges, room, stride, ...one3, 1, 3, ...threeBits);
round();
measure('quantize, 3 bits', wide, 4 * wide, round);
for (const [name, from] of Object.entries({ 'as they are': 0, 'without dither': key }))
  measure(`codes ${name}`, wide, 4 * wide, () => {
    const codes = [rounded, ranges, from, 0];
    kernels.dequantizeRows(...codes, c, room, 0, rows, 4 * n, 128, 3, ...threeBits);
  });

/** Rows of a batch of 16 × 128, to 205. */
const batch = 2048;
const order = small + 5 * MEGA;
const words = small + 6 * MEGA;
kernels.threefryBlocks(words, key, 5, 0, batch / 8);
measure('permutation', batch, 0, () => {
  kernels.threefryBlocks(words, key, 5, 0, batch / 8);
  kernels.shuffle(order, words, batch, 1);
});
const sketched = batch * n;
for (const kernel of ['countBalanced', 'countHashed'])
  measure(`sketch, ${kernel}`, sketched, 4 * sketched, () =>
    kernels[kernel](0, 1, a, order, words, c, batch, tile[1], n, 1),
  );
// Rows of a large graph, in an order: 32 MiB, which caches do not hold.
const [nodes, width] = [1 << 16, 128];
const nodeOrder = small + 9 * MEGA;
const nodeWords = small + 10 * MEGA;
kernels.threefryBlocks(nodeWords, key, 5, 0, nodes / 8);
kernels.shuffle(nodeOrder, nodeWords, nodes, 1);
measure('sketch, countBalanced, far', nodes * width, 4 * nodes * width, () =>
  kernels.countBalanced(0, 1, a, nodeOrder, nodeWords, c, nodes, nodes / 4, width, 1),
);
const wave = small + 7 * MEGA;
const angle = Math.PI / (2 * batch);
measure('quarterWave', batch, 0, () =>
  kernels.quarterWave(wave, batch, Math.cos(angle), Math.sin(angle)),
);
for (const [kind, name] of ['hadamard', 'dct', 'dft'].entries())
  measure(`sketch, ${name}, 32 columns`, batch * 32, 0, () => {
    const source = [kind, a, n, 0, 32, 0, words, 0, batch, 0];
    kernels.transformSketch(...source, b, 32, batch, wave, order, 0, c, tile[1], 0.07);
  });
console.log(report.join('\n'));
