import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunFolder } from '../../src/command-line/runs/run-folder.js';

interface Settings {
  readonly seed: number;
  readonly keep?: object | undefined;
  readonly denseWhereFree?: boolean;
}

let folder: RunFolder<Settings, { score: number }>;

beforeEach(async () => {
  folder = new RunFolder(await mkdtemp(join(tmpdir(), 'run-folder-')));
});

afterEach(() => rm(folder.path, { recursive: true }));

describe('RunFolder', () => {
  it('gives what came of a run with the same settings', async () => {
    const settings = { seed: 1, keep: { norm: 8 } };
    expect(await folder.finished(settings)).toBeUndefined();
    await folder.finish(settings, { score: 0.5 });
    expect(await folder.finished({ keep: { norm: 8 }, seed: 1 })).toEqual({ score: 0.5 });
    expect(() => folder.checkUnused()).toThrow(/has run.json already/);
  });

  it('tells a flag that is unset from one that is not told: what is usual may be true', async () => {
    await folder.finish({ seed: 1, keep: undefined }, { score: 0.5 });
    expect(await folder.finished({ seed: 1 })).toEqual({ score: 0.5 });
    for (const denseWhereFree of [false, true])
      await expect(folder.finished({ seed: 1, denseWhereFree })).rejects.toThrow(
        `denseWhereFree (undefined there, ${denseWhereFree} here)`,
      );
  });

  it('names what is other', async () => {
    await folder.finish({ seed: 1, keep: { norm: 8 }, denseWhereFree: true }, { score: 0.5 });
    const other = folder.finished({ seed: 2, denseWhereFree: false });
    await expect(other).rejects.toThrow(UsageError);
    await expect(other).rejects.toThrow(
      'seed (1 there, 2 here), keep ({"norm":8} there, undefined here), denseWhereFree (true there, false here)',
    );
  });

  it('says which file is damaged', async () => {
    const file = join(folder.path, 'run.json');
    for (const text of ['{', '{}', '{"settings": {}}']) {
      await writeFile(file, text);
      await expect(folder.finished({ seed: 1 })).rejects.toThrow(DataError);
      await expect(folder.finished({ seed: 1 })).rejects.toThrow(file);
    }
  });
});
