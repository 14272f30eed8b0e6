import { readFile } from 'node:fs/promises';
import { BackendError, type Graph, operations, scale, trace } from '@sketchgrad/core';
import { buildCase, givenTo, type OperationCase, operationCases } from '@sketchgrad/testing';
import { describe, expect, it } from 'vitest';
import { createBackend } from '../src/index.js';
import { lowerings } from '../src/lowerings/index.js';
import { cpu } from '../src/platforms/cpu.js';
import { platforms } from '../src/platforms/index.js';
import type { Platform, PlatformName } from '../src/platforms/platform.js';
import { REFUSED, refusal } from '../src/platforms/refused.js';

/** Ops of a host store, which there is none of. */
const OF_HOST_STORE = ['copyFromHost', 'copyToHost'];

const OPS = [...operations().keys()].filter((op) => !OF_HOST_STORE.includes(op)).sort();

it('every op has a lowering', () => {
  expect([...lowerings.keys()].sort()).toEqual(OPS);
});

it('the README lists what is refused, and no more', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const rows = readme.split('\n').filter((line) => /^\| `\w+` \| `[\w-]+` \| /.test(line));
  const listed = REFUSED.flatMap(({ op, platforms, why }) =>
    platforms.map((platform) => `| \`${op}\` | \`${platform}\` | ${why} |`),
  );
  expect(rows).toEqual(listed);
});

/** A case whose floats the device makes, so that nothing but itself knows them. */
const made = (test: OperationCase): Graph =>
  trace(() => buildCase(test, (_, value) => (value.dtype === 'f32' ? scale(value, 1) : value)));

describe('where what the device makes is read later', () => {
  // WebGPU's name and abilities, on plain loops.
  const later = platforms.get('webgpu')!;
  const inItsPlace: Platform = { ...cpu, name: 'webgpu', abilities: later.abilities };
  const backend = async () => {
    const table = platforms as Map<PlatformName, Platform>;
    table.set('webgpu', inItsPlace);
    try {
      return await createBackend({ platform: 'webgpu' });
    } finally {
      table.set('webgpu', later);
    }
  };

  for (const op of OPS)
    it(`${op} ${refusal(op, 'webgpu') ? 'is refused by its name' : 'gives the same bits'}`, async () => {
      const [awaiting, plain] = [await backend(), await createBackend({ platform: 'cpu' })];
      const cases = operationCases.filter((test) => test.op === op);
      for (const test of cases.slice(0, 6)) {
        const graph = made(test);
        const compile = () => awaiting.compile(graph, { state: awaiting.createState() });
        if (refusal(op, 'webgpu')) {
          await expect(compile()).rejects.toBeInstanceOf(BackendError);
          await expect(compile()).rejects.toThrow(`does not run the op '${op}' on 'webgpu'`);
          continue;
        }
        const { inputs } = givenTo(test);
        const wanted = await plain.compile(graph, { state: plain.createState() });
        const executable = await compile();
        expect(await executable.run(inputs), test.name).toEqual(await wanted.run(inputs));
        expect(executable.measuredPeakBytes()).toBeLessThanOrEqual(executable.plan.peakBytes);
      }
      for (const one of [awaiting, plain]) await one.dispose();
    });
});
