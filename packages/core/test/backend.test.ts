import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import {
  BackendError,
  type BackendModule,
  DataError,
  DeviceLostError,
  loadBackend,
  PlanError,
  ShapeError,
  SketchgradError,
  UsageError,
} from '../src/index.js';

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

it('loads the built-in reference backend in either precision', async () => {
  expect(await loadBackend('reference')).toMatchObject({ name: 'reference', precision: 'f32' });
  const exact = await loadBackend('reference', { precision: 'f64' });
  expect(exact).toMatchObject({ precision: 'f64' });
  const error = await rejection(loadBackend('reference', { precision: 'f16' }));
  expect(error).toBeInstanceOf(UsageError);
  expect(error?.message).toBe("the reference backend computes in f32 or f64, not 'f16'");
});

for (const name of ['cuda', 'constructor', '__proto__'])
  it(`says which backends there are when asked for '${name}'`, async () => {
    const error = await rejection(loadBackend(name));
    expect(error).toBeInstanceOf(UsageError);
    expect(error?.message).toContain(`'${name}'; known: cpu, tfjs, webgpu, reference, auto`);
  });

it('knows which backend was meant, and that a name is a text', async () => {
  for (const [name, message] of [
    [
      'tpu',
      "there is no backend 'tpu' (did you mean 'cpu'?); known: cpu, tfjs, webgpu, reference, auto",
    ],
    ['', "the name of a backend must be a text that is not empty, but it is ''"],
    [undefined, 'must be a text that is not empty, but it is undefined'],
  ] as const) {
    const error = await rejection(loadBackend(name as string));
    expect(error).toBeInstanceOf(UsageError);
    expect(error?.message).toContain(message);
  }
});

it('says what to install for a backend that is not there', async () => {
  const error = await rejection(loadBackend('@sketchgrad/backend-of-tomorrow'));
  expect(error).toBeInstanceOf(BackendError);
  expect(error?.message).toContain('npm install @sketchgrad/backend-of-tomorrow');
});

it('takes a relative path from the working directory', async () => {
  const folder = await mkdtemp(join(process.cwd(), '.backend-'));
  try {
    const file = join(folder, 'own.mjs');
    await writeFile(file, "export const createBackend = async () => ({ name: 'own' });");
    const path = `./${relative(process.cwd(), file)}`;
    expect(await loadBackend(path)).toMatchObject({ name: 'own' });
    const error = await rejection(loadBackend(`${path}.js`));
    expect(error).toBeInstanceOf(BackendError);
    expect(error?.message).toBe(`there is no file '${path}.js' to load a backend from`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('loads a backend from a module, with options, and refuses one that is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sketchgrad-core-'));
  const [good, bad] = [join(folder, 'good.mjs'), join(folder, 'bad.mjs')];
  await writeFile(
    good,
    'export const createBackend = async (options) => ({ name: "own", options });',
  );
  await writeFile(bad, 'export const somethingElse = 1;');
  expect(await loadBackend(good, { threads: 3 })).toEqual({ name: 'own', options: { threads: 3 } });
  const error = await rejection(loadBackend(bad));
  expect(error).toBeInstanceOf(BackendError);
  expect(error?.message).toContain('exports no createBackend()');
});

it('takes a module, or a function that imports one, as a bundler follows it', async () => {
  const module = {
    createBackend: async (options: unknown) => ({ name: 'own', options }),
  } as unknown as BackendModule;
  const options = { threads: 3 };
  expect(await loadBackend(module, options)).toEqual({ name: 'own', options });
  expect(await loadBackend(async () => module, options)).toEqual({ name: 'own', options });
  for (const wrong of [{}, async () => ({}), async () => undefined]) {
    const error = await rejection(loadBackend(wrong as never));
    expect(error).toBeInstanceOf(BackendError);
    expect(error?.message).toContain('exports no createBackend()');
  }
  for (const wrong of [null, 7]) {
    const error = await rejection(loadBackend(wrong as never));
    expect(error).toBeInstanceOf(UsageError);
  }
});

it('tells errors apart by code', () => {
  const errors = [
    new UsageError('a'),
    new ShapeError('b'),
    new DataError('rows.tsv', 'no label', 3),
    new PlanError('c', 10, 5),
    new BackendError('d'),
    new DeviceLostError('e'),
  ];
  for (const error of errors) expect(error).toBeInstanceOf(SketchgradError);
  expect(errors.map(({ code }) => code)).toEqual([
    ...['usage', 'shape', 'data', 'plan', 'backend', 'device-lost'],
  ]);
  expect(errors.map(({ name }) => name)).toEqual([
    'UsageError',
    'ShapeError',
    'DataError',
    'PlanError',
    'BackendError',
    'DeviceLostError',
  ]);
  expect(errors[2]!.message).toBe('rows.tsv:3: no label');
});
