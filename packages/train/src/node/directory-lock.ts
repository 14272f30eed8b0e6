import { type FileHandle, open, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '@sketchgrad/core';
import { explainSystemError, makeDirectory } from '@sketchgrad/core/node';

/** The file in a directory on which a run has its lock. */
export const LOCK_FILE = '.lock';

/** How a file system says that it has no locks. */
const UNSUPPORTED = ['ENOLCK', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL'];

/**
 * Keeps a directory for one run: a lock of the operating system on a file in it, which ends with the
 * process, be it killed, its machine restarted or its number given to another. It holds between
 * containers that share the directory, and between machines where the file system says so (NFS 4).
 */
export class DirectoryLock {
  readonly #handle: FileHandle;

  private constructor(
    readonly directory: string,
    /** The uppermost directory that was made for it; undefined where all were there. */
    readonly made: string | undefined,
    handle: FileHandle,
  ) {
    this.#handle = handle;
  }

  /**
   * @param directory made where it does not exist
   * @param warn is told where there are no locks: then nobody notices a second run
   * @throws UsageError naming the process that has it, or where the directory cannot be written to
   */
  static async take(directory: string, warn: (message: string) => void): Promise<DirectoryLock> {
    const file = join(directory, LOCK_FILE);
    let made: string | undefined;
    try {
      made = await makeDirectory(directory);
      for (;;) {
        const handle = await openLock(file);
        try {
          await lock(handle, directory, warn);
          if (await isAt(file, handle)) {
            await describe(handle);
            return new DirectoryLock(directory, made, handle);
          }
        } catch (error) {
          await handle.close();
          throw error;
        }
        // The run that had it has just ended and taken its file away.
        await handle.close();
      }
    } catch (error) {
      if (error instanceof UsageError) throw error;
      await removeEmpty(directory, made);
      throw new UsageError(`${directory} cannot be written to: ${explainSystemError(error)}`, {
        cause: error,
      });
    }
  }

  /** Gives the directory back, and takes away what was made for it and is still empty. */
  async release(): Promise<void> {
    await rm(join(this.directory, LOCK_FILE), { force: true });
    await this.#handle.close();
    await removeEmpty(this.directory, this.made);
  }
}

/** @throws UsageError where something else has its name */
async function openLock(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'a+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
    throw new UsageError(
      `${file} is a directory, where a run has a file as its lock: move it away, or choose another directory`,
      { cause: error },
    );
  }
}

/** @throws UsageError where another has it */
async function lock(
  handle: FileHandle,
  directory: string,
  warn: (message: string) => void,
): Promise<void> {
  const granted = await tryLock(handle, (reason) =>
    warn(`${directory} cannot be locked, so that nobody notices a second run there: ${reason}`),
  );
  if (granted) return;
  throw new UsageError(
    `${directory} is in use by another run${await holder(directory)}: ` +
      'wait until it has ended, or choose another directory',
  );
}

/** @param unsupported is told why there are no locks here */
async function tryLock(
  { fd }: FileHandle,
  unsupported: (reason: string) => void,
): Promise<boolean> {
  let addon: typeof import('fs-native-extensions');
  try {
    addon = await import('fs-native-extensions');
  } catch (error) {
    // It is compiled for the usual systems alone.
    unsupported(explainSystemError(error));
    return true;
  }
  try {
    return addon.tryLock(fd);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // What Windows says where another has it.
    if (code === 'EBUSY') return false;
    if (!UNSUPPORTED.includes(code)) throw error;
    unsupported(explainSystemError(error));
    return true;
  }
}

/** Whether an open file is still the one of its name. */
async function isAt(file: string, handle: FileHandle): Promise<boolean> {
  const own = await handle.stat({ bigint: true });
  try {
    const there = await stat(file, { bigint: true });
    return there.ino === own.ino && there.dev === own.dev;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Who has it, for those who are refused. */
async function describe(handle: FileHandle): Promise<void> {
  const since = new Date().toISOString();
  await handle.truncate();
  await handle.write(`process ${process.pid} on ${hostname()} since ${since}\n`);
}

/** ` (process 4711 on host since …)`; nothing where that cannot be told. */
async function holder(directory: string): Promise<string> {
  // It may just have ended, or not have said yet; and on Windows nobody reads what is locked.
  const text = await readFile(join(directory, LOCK_FILE), 'utf8').catch(() => '');
  return text === '' ? '' : ` (${text.trim()})`;
}

/** Removes a directory and those above it, up to the one that was made first, as far as empty. */
async function removeEmpty(directory: string, made: string | undefined): Promise<void> {
  if (made === undefined) return;
  for (let each = resolve(directory); ; each = dirname(each)) {
    try {
      await rmdir(each);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(code)) return;
      throw error;
    }
    if (each === made) return;
  }
}
