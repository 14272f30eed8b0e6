import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { CheckpointFolder } from '@sketchgrad/train/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunFolder } from '../../src/node/runs/run-folder.js';

interface Settings extends Readonly<Record<string, unknown>> {
  readonly seed: number;
  readonly keep?: object | undefined;
  readonly everyLayer?: boolean;
}

let folder: RunFolder<{ score: number }>;
let notes: string[];

beforeEach(async () => {
  folder = new RunFolder(await mkdtemp(join(tmpdir(), 'run-folder-')));
  notes = [];
});

afterEach(() => rm(folder.path, { recursive: true, force: true }));

const version = '1.0.0';
const places = { model: 'm1', data: undefined };

const seed1 = async () => ({ seed: 1 });

const note = (text: string) => void notes.push(text);

/** Runs to the end with this score. */
const finish = (settings: Settings, score: number) =>
  folder.run(
    { settings: async () => settings, places, version, resume: false, note },
    async () => ({
      score,
    }),
  );

/** Resumes; must not train. */
const finished = (settings: Settings) =>
  folder.run({ settings: async () => settings, places, version, resume: true, note }, () =>
    expect.unreachable('it is finished'),
  );

const checkpoint = async () =>
  new CheckpointFolder(folder.checkpoints).save(
    {
      ...{ step: 1, epoch: 0, position: 1, passes: 1, seed: 1, losses: [], evaluations: [] },
      ...{ partial: { loss: 0, examples: 1 }, configuration: {} },
    },
    [],
  );

describe('RunFolder', () => {
  it('gives what came of a run with the same settings', async () => {
    const settings = { seed: 1, keep: { norm: 8 } };
    expect(await finish(settings, 0.5)).toEqual({ score: 0.5 });
    expect(await finished({ keep: { norm: 8 }, seed: 1 })).toEqual({ score: 0.5 });
    expect(notes).toEqual([`the run in ${folder.path} is finished`]);
    await expect(finish(settings, 0.6)).rejects.toThrow(/has run.json already: pass --resume/);
    expect(await readdir(folder.path)).toEqual(['run.json']);
  });

  it('is rid of checkpoints that a run killed right after its end has left', async () => {
    await finish({ seed: 1 }, 0.5);
    await checkpoint();
    expect(await finished({ seed: 1 })).toEqual({ score: 0.5 });
    expect(await readdir(folder.path)).toEqual(['run.json']);
  });

  it('says so where another version made it', async () => {
    await finish({ seed: 1 }, 0.5);
    const later = { settings: seed1, places, version: '1.1.0', resume: true, note };
    expect(await folder.run(later, () => expect.unreachable())).toEqual({ score: 0.5 });
    expect(notes).toEqual([
      `the run in ${folder.path} is finished`,
      'warning: it was made by version 1.0.0, this is 1.1.0: a new run may have other numbers',
    ]);
  });

  it('tells a flag that is unset from one that is not told: what is usual may be true', async () => {
    await finish({ seed: 1, keep: undefined }, 0.5);
    expect(await finished({ seed: 1 })).toEqual({ score: 0.5 });
    for (const everyLayer of [false, true])
      await expect(finished({ seed: 1, everyLayer })).rejects.toThrow(
        `everyLayer (undefined there, ${everyLayer} here)`,
      );
  });

  it('names what is other', async () => {
    await finish({ seed: 1, keep: { norm: 8 }, everyLayer: true }, 0.5);
    const other = finished({ seed: 2, everyLayer: false });
    await expect(other).rejects.toThrow(UsageError);
    await expect(other).rejects.toThrow(
      'seed (1 there, 2 here), keep ({"norm":8} there, undefined here), everyLayer (true there, false here)',
    );
  });

  it('says which file is damaged', async () => {
    const file = join(folder.path, 'run.json');
    for (const text of ['{', '{}', '{"settings": {}}', 'null', '{"settings": {}, "result": {}}']) {
      await writeFile(file, text);
      await expect(finished({ seed: 1 })).rejects.toThrow(DataError);
      await expect(finished({ seed: 1 })).rejects.toThrow(file);
    }
  });

  it('goes on where there is a checkpoint, and is refused to a new run', async () => {
    await checkpoint();
    await expect(finish({ seed: 1 }, 0)).rejects.toThrow(/has checkpoints already: pass --resume/);
    const resumed = await folder.run(
      { settings: seed1, places, version, resume: true, note },
      async (goesOn) => {
        expect(goesOn).toBe(true);
        return { score: 1 };
      },
    );
    expect(resumed).toEqual({ score: 1 });
    expect(await readdir(folder.path)).toEqual(['run.json']);
  });

  it.each<[string, string[]]>([
    ['its lock', ['.lock']],
    ['no checkpoint', ['checkpoints/']],
    ['a checkpoint that was never finished', ['checkpoints/step-000000000.checkpoint.partial']],
    ['files left over', ['choice.json', '.out.0123456789ab.tmp/config.json', '.lock']],
  ])('starts anew where a run to resume has left %s', async (_, left) => {
    await rm(folder.path, { recursive: true });
    for (const name of left) {
      await mkdir(join(folder.path, name, name.endsWith('/') ? '' : '..'), {
        recursive: true,
      });
      if (!name.endsWith('/')) await writeFile(join(folder.path, name), '{}');
    }
    const anew = folder.run(
      { settings: seed1, places, version, resume: true, note },
      async (goesOn) => {
        expect(goesOn).toBe(false);
        return { score: 1 };
      },
    );
    expect(await anew).toEqual({ score: 1 });
    expect(notes).toEqual([`there is no complete checkpoint in ${folder.path} yet: starting anew`]);
    const kept = left.includes('choice.json') ? ['choice.json', 'run.json'] : ['run.json'];
    expect((await readdir(folder.path)).sort()).toEqual(kept);
  });

  it('refuses to resume where there are files that no run leaves', async () => {
    const path = join(folder.path, 'mistyped');
    await mkdir(path);
    for (const name of ['notes.txt', '.tmp']) await writeFile(join(path, name), '');
    const resumed = new RunFolder(path, ['choice.json']).run(
      { settings: seed1, places, version, resume: true, note },
      () => expect.unreachable(),
    );
    await expect(resumed).rejects.toThrow(UsageError);
    await expect(resumed).rejects.toThrow(
      /^\S+ has nothing of a run to resume: leave out --resume/,
    );
    expect(await readdir(folder.path)).toEqual(['mistyped']);
  });

  it.each([true, false])(
    'starts anew where a run was killed at once, its folder made: %s',
    async (made) => {
      const path = join(folder.path, 'early');
      if (made) await mkdir(path);
      const run = new RunFolder<object>(path).run(
        { settings: seed1, places, version, resume: true, note },
        async () => ({ score: 1 }),
      );
      expect(await run).toEqual({ score: 1 });
      expect(notes).toEqual([`there is no complete checkpoint in ${path} yet: starting anew`]);
    },
  );

  it('goes on from what its own kind of run leaves, and from no file', async () => {
    const path = join(folder.path, 'other');
    await mkdir(path);
    await writeFile(join(path, 'choice.json'), '');
    const run = (leaves: string[], at = path) =>
      new RunFolder<object>(at, leaves).run(
        { settings: seed1, places, version, resume: true, note },
        async () => ({}),
      );
    await expect(run([])).rejects.toThrow('has nothing of a run to resume');
    await expect(run([], join(path, 'choice.json'))).rejects.toThrow('has nothing of a run');
    expect(await run(['choice.json'])).toEqual({});
  });

  it('says for people where a run was begun from, and does not compare it', async () => {
    await finish({ seed: 1 }, 0.5);
    const text = await readFile(join(folder.path, 'run.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({
      ...{ version, places: { model: 'm1' }, settings: { seed: 1 }, result: { score: 0.5 } },
    });
    const elsewhere = { settings: seed1, places: { model: '/m2' }, version, resume: true, note };
    expect(await folder.run(elsewhere, () => expect.unreachable())).toEqual({ score: 0.5 });
  });

  it('does not write over a model that no run has left there', async () => {
    await writeFile(join(folder.path, 'config.json'), '{}');
    const resumed = folder.run({ settings: seed1, places, version, resume: true, note }, () =>
      expect.unreachable(),
    );
    await expect(resumed).rejects.toThrow(UsageError);
    await expect(resumed).rejects.toThrow(/has config.json already, and no run to resume/);
    expect(await readdir(folder.path)).toEqual(['config.json']);
  });

  it('is refused to a second run, by the name of the process that has it', async () => {
    await folder.run({ settings: seed1, places, version, resume: false, note }, async () => {
      for (const resume of [false, true])
        await expect(
          folder.run({ settings: seed1, places, version, resume, note }, () =>
            expect.unreachable(),
          ),
        ).rejects.toThrow(`${folder.path} is in use by another run (process ${process.pid} on `);
      return { score: 1 };
    });
  });

  it('is not left behind by a run that never began', async () => {
    await rm(folder.path, { recursive: true });
    const failing = folder.run(
      { settings: seed1, places, version, resume: false, note },
      async () => {
        throw new DataError('data.tsv', 'is wrong');
      },
    );
    await expect(failing).rejects.toThrow('data.tsv: is wrong');
    expect(existsSync(folder.path)).toBe(false);
  });
});
