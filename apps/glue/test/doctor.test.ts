import { expect, it } from 'vitest';
import { run } from './command.js';

interface Examined {
  readonly backend: string;
  readonly works: boolean;
  readonly versions?: Record<string, string>;
  readonly seconds: Record<string, number>;
  readonly problem?: string;
}

it('says which backends compute here, and what would mend those that do not', async () => {
  const { code, stdout, stderr } = await run('doctor', '--json');
  expect(code).toBe(0);
  const { backends, machine } = JSON.parse(stdout) as {
    backends: Examined[];
    machine: Record<string, unknown>;
  };
  expect(machine.threads).toBeGreaterThan(0);
  const of = (name: string) => backends.find(({ backend }) => backend === name)!;
  for (const name of ['cpu', 'tfjs:wasm', 'tfjs:cpu', 'reference']) {
    expect(of(name).problem, name).toBeUndefined();
    expect(of(name).works, name).toBe(true);
    expect(Object.keys(of(name).seconds)).toEqual(['product', 'sketch', 'step']);
  }
  expect(of('cpu').versions).toHaveProperty('onnxruntime-node');
  expect(of('tfjs:wasm').versions).toEqual({ '@tensorflow/tfjs-core': '4.22.0' });
  expect(of('tfjs:node-gpu')).toMatchObject({
    works: false,
    problem: expect.stringContaining('npm install @tensorflow/tfjs-node-gpu@4.22.0'),
  });
  expect(stderr).toContain('tfjs:node-gpu: the platform');
});
