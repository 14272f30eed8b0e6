import { input, normalize, trace } from '@sketchgrad/core';
import { expect, it } from 'vitest';
import { createBackend } from '../src/index.js';

for (const platform of ['cpu', 'wasm'] as const)
  it(`a row of equal numbers is one of zeros on ${platform}, however large they are`, async () => {
    const backend = await createBackend({ platform });
    const graph = trace(() => {
      const [y, inverse] = normalize(input('x', [3, 4]), { epsilon: 1e-5 });
      return { y, inverse };
    });
    const executable = await backend.compile(graph, { state: backend.createState() });
    const x = Float32Array.from({ length: 12 }, (_, i) => [2, 2 ** 60, -(2 ** 120)][i >> 2]!);
    const { y, inverse } = await executable.run({ x });
    expect([...y!].map(Math.abs)).toEqual(Array(12).fill(0));
    for (const each of inverse!) expect(each > 0 && each < Infinity, String(each)).toBe(true);
    await backend.dispose();
  });
