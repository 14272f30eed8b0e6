import util from 'node:util';
import { gather, input, trace } from '@sketchgrad/core';
import { expect, it } from 'vitest';
import { createBackend } from '../../src/index.js';

it('starts where Node has no util.isNullOrUndefined, and computes', async () => {
  const { isNullOrUndefined } = util;
  Reflect.deleteProperty(util, 'isNullOrUndefined');
  try {
    const backend = await createBackend({ platform: 'node' });
    const graph = trace(() => ({
      rows: gather(input('x', [3, 2]), input('indices', [2], 'i32')),
    }));
    const executable = await backend.compile(graph, { state: backend.createState() });
    const { rows } = await executable.run({
      ...{ x: Float32Array.of(1, 2, 3, 4, 5, 6), indices: Int32Array.of(2, 0) },
    });
    expect([...rows!]).toEqual([5, 6, 1, 2]);
    expect(util.isNullOrUndefined(undefined)).toBe(true);
    await backend.dispose();
  } finally {
    util.isNullOrUndefined ??= isNullOrUndefined;
  }
});

it('is looked for in the folder that SKETCHGRAD_TFJS_NODE holds, and told of where it is not there', async () => {
  const { SKETCHGRAD_TFJS_NODE } = process.env;
  process.env.SKETCHGRAD_TFJS_NODE = 'test';
  try {
    await expect(createBackend({ platform: 'node' })).rejects.toThrow(
      /needs @tensorflow\/tfjs-node, which is not in the folder 'test' that the environment variable SKETCHGRAD_TFJS_NODE names/,
    );
  } finally {
    process.env.SKETCHGRAD_TFJS_NODE = SKETCHGRAD_TFJS_NODE;
  }
});
