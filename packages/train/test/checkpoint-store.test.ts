import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CheckpointError } from '../src/index.js';
import { CheckpointFolder, type FileSystem } from '../src/node/index.js';
import { contents, contentsAt, progressAt, tensor, tensorsAt } from './checkpoint-contents.js';
import { failing, fullAfter, Killed, killedAt, recording } from './failing-file-system.js';
import { smallDisk } from './small-disk.js';
import { temporaryDirectory } from './temporary-directory.js';

const silence = (message: string) => {
  throw new Error(`nothing should be reported, but: ${message}`);
};

async function latest(store: CheckpointFolder, report: (message: string) => void = silence) {
  const checkpoint = await store.openLatest(report);
  return checkpoint && contents(checkpoint);
}

const save = (directory: string, step: number, fileSystem?: FileSystem) =>
  new CheckpointFolder(directory, fileSystem && { fileSystem }).save(
    progressAt(step),
    tensorsAt(step),
  );

const steps = async (store: CheckpointFolder) => (await store.list()).map(({ step }) => step);

describe('CheckpointFolder', () => {
  it('has nothing to open in an empty or absent directory', async () => {
    const directory = await temporaryDirectory();
    expect(await latest(new CheckpointFolder(directory))).toBeUndefined();
    expect(await latest(new CheckpointFolder(join(directory, 'absent')))).toBeUndefined();
  });

  it('opens the latest step and keeps as many as asked for', async () => {
    const directory = await temporaryDirectory();
    for (const [keep, expected] of [
      [1, [999_999_999]],
      [3, [1_000_000_000, 999_999_999]],
      [2, [1_000_000_001, 1_000_000_000]],
    ] as const) {
      const store = new CheckpointFolder(directory, { keep });
      const step = expected[0];
      await store.save({ ...progressAt(1), step }, tensorsAt(1));
      expect(await steps(store)).toEqual(expected);
      expect((await latest(store))?.progress.step).toBe(step);
    }
    expect(() => new CheckpointFolder(directory, { keep: 0 })).toThrow('at least 1, but it is 0');
  });

  it('leaves other files alone', async () => {
    const directory = await temporaryDirectory();
    const others = ['notes.txt', 'step-1.checkpoint', 'other.partial'];
    for (const name of others) await writeFile(join(directory, name), 'mine');
    await save(directory, 1);
    await save(directory, 2);
    await save(directory, 3);
    expect((await readdir(directory)).sort()).toEqual(
      [...others, 'step-000000002.checkpoint', 'step-000000003.checkpoint'].sort(),
    );
  });

  it('syncs the file before its name appears, and the name before older ones go', async () => {
    const directory = await temporaryDirectory();
    const { fileSystem, operations } = recording();
    const store = new CheckpointFolder(directory, { keep: 1, fileSystem });
    await store.save(progressAt(1), []);
    operations.length = 0;
    await store.save(progressAt(2), []);
    expect(operations).toEqual([
      ...['open', 'write', 'sync', 'close'],
      'rename',
      ...['open', 'sync', 'close'],
      'unlink',
    ]);
  });

  it('says what is in the way where it cannot write', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory, 'file');
    await writeFile(file, 'a file');
    for (const place of [file, join(file, 'below')]) {
      const error = await save(place, 1).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CheckpointError);
      expect((error as Error).message).toMatch(/not a directory/);
    }
    await expect(new CheckpointFolder(file).list()).rejects.toThrow(CheckpointError);
    expect(await readFile(file, 'utf8')).toBe('a file');
  });
});

describe('a failing file system', () => {
  it.each([
    ['open', 'EACCES', 'permission is denied'],
    ['sync', 'EIO', 'EIO: sync'],
    ['rename', 'EROFS', 'the file system is read-only'],
  ])('at %s leaves the checkpoint before', async (operation, code, reason) => {
    const directory = await temporaryDirectory();
    const before = await save(directory, 1);
    const error = await save(directory, 2, failing(operation, code)).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as CheckpointError).lastComplete).toBe(before);
    expect((error as Error).message).toContain(`could not be written: ${reason}`);
    expect(await readdir(directory)).toEqual([basename(before)]);
    expect(await latest(new CheckpointFolder(directory))).toEqual(await contentsAt(1));
  });

  it('says so where an older checkpoint cannot be removed', async () => {
    const directory = await temporaryDirectory();
    const store = new CheckpointFolder(directory, {
      keep: 1,
      fileSystem: failing('unlink', 'EPERM'),
    });
    await store.save(progressAt(1), tensorsAt(1));
    await expect(store.save(progressAt(2), tensorsAt(2))).rejects.toThrow(
      /step-000000002.checkpoint is written, but the older .* could not be removed: permission/,
    );
    expect(await latest(store)).toEqual(await contentsAt(2));
  });

  it('is a full disk wherever in the file it fills up', async () => {
    const directory = await temporaryDirectory();
    const before = await save(directory, 1);
    const { length } = await readFile(before);
    for (let room = 0; room < length - 10; room += 7) {
      await expect(save(directory, 2, fullAfter(room))).rejects.toThrow(
        'the disk is full (ENOSPC)',
      );
      expect(await readdir(directory)).toEqual([basename(before)]);
    }
    await expect(save(join(directory, 'new'), 2, fullAfter(0))).rejects.toThrow(
      'There is no earlier one.',
    );
  });
});

describe('a disk of 1 MiB', () => {
  const disk = () => {
    const made = smallDisk();
    onTestFinished(made.release);
    return made;
  };

  it('keeps the last checkpoint that fitted, and its numbers', async () => {
    const { directory, fileSystem, kind } = disk();
    const store = new CheckpointFolder(join(directory, 'run'), { fileSystem });
    const quarter = (step: number) => tensor('weight', new Float32Array(100_000).fill(step));
    await store.save(progressAt(1), [quarter(1)]);
    await store.save(progressAt(2), [quarter(2)]);
    const error = await store.save(progressAt(3), [quarter(3)]).catch((thrown: unknown) => thrown);
    expect(error, kind).toBeInstanceOf(CheckpointError);
    expect((error as Error).message).toMatch(
      /of 4\d{5} bytes could not be written: the disk is full \(ENOSPC\)\. The last complete one is .*step-000000002\.checkpoint\.$/,
    );
    expect(await readdir(store.directory)).toEqual([
      'step-000000001.checkpoint',
      'step-000000002.checkpoint',
    ]);
    expect((await latest(store))?.tensors.weight?.[99_999]).toBe(2);
  });
});

describe('a process killed while it writes', () => {
  it.each([
    ['before', false],
    ['after', true],
  ])('leaves the old checkpoint or the new one, %s any call', async (_, done) => {
    const seen = new Set<number>();
    for (let call = 0, finished = false; !finished; call++) {
      const directory = await temporaryDirectory();
      await save(directory, 1);
      await save(directory, 2);
      finished = await save(directory, 3, killedAt(call, done)).then(
        () => true,
        (error: unknown) => {
          expect((error as Error).cause).toBeInstanceOf(Killed);
          return false;
        },
      );

      const store = new CheckpointFolder(directory);
      const found = await latest(store);
      expect([2, 3]).toContain(found?.progress.step);
      expect(found).toEqual(await contentsAt(found!.progress.step));
      seen.add(found!.progress.step);

      await store.save(progressAt(4), tensorsAt(4));
      expect((await readdir(directory)).filter((name) => name.endsWith('.partial'))).toEqual([]);
      expect(await latest(store)).toEqual(await contentsAt(4));
      expect((await steps(store)).length).toBe(2);
    }
    expect(seen).toEqual(new Set([2, 3]));
  });
});

describe('a damaged latest checkpoint', () => {
  async function withDamaged(damaged: readonly number[]) {
    const directory = await temporaryDirectory();
    const keeper = new CheckpointFolder(directory, { keep: 3 });
    for (const step of [1, 2, 3]) {
      const file = await keeper.save(progressAt(step), tensorsAt(step));
      if (damaged.includes(step)) await truncate(file, 700);
    }
    return new CheckpointFolder(directory);
  }

  it('is passed over with a message', async () => {
    const store = await withDamaged([3]);
    const messages: string[] = [];
    const found = await latest(store, (message) => messages.push(message));
    expect(found).toEqual(await contentsAt(2));
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(
      /step-000000003\.checkpoint: is truncated: .*; going back to the checkpoint of step 2$/,
    );
  });

  it('does not outlive the next save, nor push out a whole one', async () => {
    const store = await withDamaged([2, 3]);
    expect((await latest(store, () => undefined))?.progress.step).toBe(1);
    await store.save(progressAt(5), tensorsAt(5));
    expect(await steps(store)).toEqual([5, 1]);
  });

  it('does not outlive a save of an earlier step', async () => {
    const store = await withDamaged([3]);
    await store.save(progressAt(2), tensorsAt(2));
    expect(await steps(store)).toEqual([2, 1]);
  });

  it('is an error where no other is whole', async () => {
    const store = await withDamaged([1, 2, 3]);
    const messages: string[] = [];
    await expect(store.openLatest((message) => messages.push(message))).rejects.toThrow(
      /none of the 3 checkpoints in .* is whole; the earliest: .*step-000000001/,
    );
    expect(messages).toHaveLength(2);
  });

  it('is not a directory of the same name', async () => {
    const directory = await temporaryDirectory();
    await save(directory, 1);
    await mkdir(join(directory, 'step-000000002.checkpoint'));
    const messages: string[] = [];
    const found = await latest(new CheckpointFolder(directory), (text) => messages.push(text));
    expect(found?.progress.step).toBe(1);
    expect(messages[0]).toContain('EISDIR');
  });
});
