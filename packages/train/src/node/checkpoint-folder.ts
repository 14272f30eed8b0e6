import { join } from 'node:path';
import { checkOptions, checkText, DataError, SketchgradError, UsageError } from '@sketchgrad/core';
import { explainSystemError, makeDirectory } from '@sketchgrad/core/node';
import { CheckpointError } from '../checkpoints/checkpoint-error.js';
import type {
  CheckpointStore,
  StoredCheckpoint,
  TakenStore,
  TensorSource,
} from '../checkpoints/checkpoint-store.js';
import type { TrainingProgress } from '../checkpoints/progress.js';
import { DirectoryLock } from './directory-lock.js';
import { type FileSystem, nodeFileSystem } from './file-system.js';
import { encodeHeader, fileBytes } from './format.js';
import { type FileCheckpoint, openCheckpoint } from './read.js';
import { PARTIAL, writeCheckpoint } from './write.js';

export interface CheckpointFolderOptions {
  /** How many checkpoints stay; one more is there while the next is written. At least 1. */
  readonly keep?: number;
  readonly fileSystem?: FileSystem;
}

const NAME = /^step-(\d{9,})\.checkpoint$/;
const nameOf = (step: number): string => `step-${String(step).padStart(9, '0')}.checkpoint`;

/** The checkpoints of one run, in a directory of their own; one process at a time writes there. */
export class CheckpointFolder implements CheckpointStore {
  readonly directory: string;
  readonly #keep: number;
  readonly #fileSystem: FileSystem;
  readonly #damaged = new Set<string>();

  /**
   * @param directory made at the first `save` where it does not exist
   * @throws UsageError for no text as its directory, or where `keep` is not a positive integer
   */
  constructor(directory: string, options: CheckpointFolderOptions = {}) {
    checkText('the directory of a CheckpointFolder', directory);
    checkOptions('CheckpointFolder', options, { keep: true, fileSystem: true });
    const { keep = 2, fileSystem = nodeFileSystem } = options;
    if (!Number.isInteger(keep) || keep < 1) {
      throw new UsageError(`keep must be an integer of at least 1, but it is ${keep}`);
    }
    this.directory = directory;
    this.#keep = keep;
    this.#fileSystem = fileSystem;
  }

  get place(): string {
    return this.directory;
  }

  /** @throws UsageError naming the process that has it, or where the directory cannot be written to */
  async take(warn: (message: string) => void): Promise<TakenStore> {
    const lock = await DirectoryLock.take(this.directory, warn);
    return { isNew: lock.made !== undefined, release: () => lock.release() };
  }

  /** The checkpoints that are there, the one of the latest step first. */
  async list(): Promise<StoredCheckpoint[]> {
    return (await this.#names())
      .flatMap((name) => {
        const match = NAME.exec(name);
        return match ? [{ file: join(this.directory, name), step: Number(match[1]) }] : [];
      })
      .sort((a, b) => b.step - a.step);
  }

  /**
   * Writes a checkpoint of `progress.step`. The ones before it stay until it is complete and on
   * disk; then all are removed but the `keep − 1` latest of them. A checkpoint of a later step is
   * none of this run's past (a damaged one, from which an earlier one was resumed) and goes too.
   *
   * @returns the checkpoint's file
   * @throws CheckpointError where the file system fails: the disk is full, it is read-only, …
   * @throws UsageError where the progress or a tensor is not what it claims to be
   */
  async save(progress: TrainingProgress, tensors: readonly TensorSource[]): Promise<string> {
    const file = join(this.directory, nameOf(progress.step));
    const neededBytes = fileBytes(encodeHeader({ progress, tensors }).length, tensors);
    let before: StoredCheckpoint[] = [];
    try {
      await makeDirectory(this.directory, (path) => this.#fileSystem.mkdir(path));
      await this.#removePartial();
      before = (await this.list()).filter((other) => other.file !== file);
      await writeCheckpoint(this.#fileSystem, file, progress, tensors);
    } catch (error) {
      const leftover = await this.#discard(file + PARTIAL);
      if (error instanceof SketchgradError) throw error;
      const last = before.find((other) => !this.#damaged.has(other.file))?.file;
      throw new CheckpointError(
        file,
        `checkpoint ${file} of ${neededBytes} bytes could not be written: ${explainSystemError(error)}. ` +
          (last === undefined ? 'There is no earlier one.' : `The last complete one is ${last}.`) +
          leftover,
        last,
        { cause: error },
      );
    }
    this.#damaged.delete(file);
    await this.#removeOld(file, progress.step, before);
    return file;
  }

  /**
   * Opens the latest checkpoint that is whole, having read all of it. Close it when done.
   *
   * @param report is told, in a sentence, of each later one that is damaged and passed over
   * @returns undefined where there is no checkpoint at all
   * @throws CheckpointError where there are some and all are damaged
   */
  async openLatest(report: (message: string) => void): Promise<FileCheckpoint | undefined> {
    const found = await this.list();
    for (const [i, stored] of found.entries()) {
      const { file } = stored;
      try {
        return await this.#openWhole(stored);
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        this.#damaged.add(file);
        const next = found[i + 1];
        if (next === undefined) {
          throw new CheckpointError(
            this.directory,
            `none of the ${found.length} checkpoints in ${this.directory} is whole; ` +
              `the earliest: ${error.message}`,
            undefined,
            { cause: error },
          );
        }
        report(`${error.message}; going back to the checkpoint of step ${next.step}`);
      }
    }
    return undefined;
  }

  async #openWhole({ file, step }: StoredCheckpoint): Promise<FileCheckpoint> {
    const checkpoint = await openCheckpoint(file, this.#fileSystem);
    try {
      const { progress } = checkpoint;
      if (progress.step !== step)
        throw new DataError(file, `is of step ${progress.step}, and named for step ${step}`);
      await checkpoint.verify();
      return checkpoint;
    } catch (error) {
      await checkpoint.close();
      throw error;
    }
  }

  async #names(): Promise<string[]> {
    try {
      return await this.#fileSystem.readdir(this.directory);
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return [];
      throw new CheckpointError(
        this.directory,
        `the checkpoints in ${this.directory} cannot be listed: ${explainSystemError(error)}`,
        undefined,
        { cause: error },
      );
    }
  }

  /** Removes a file if it is there; a sentence about it where that fails. */
  async #discard(file: string): Promise<string> {
    try {
      await this.#fileSystem.unlink(file);
      return '';
    } catch (error) {
      const nothingThere = ['ENOENT', 'ENOTDIR'].includes((error as { code: string }).code);
      return nothingThere ? '' : ` ${file} could not be removed: ${explainSystemError(error)}.`;
    }
  }

  /** Clears away what killed writes have left. */
  async #removePartial(): Promise<void> {
    for (const name of await this.#names()) {
      if (name.endsWith(PARTIAL) && NAME.test(name.slice(0, -PARTIAL.length))) {
        await this.#fileSystem.unlink(join(this.directory, name));
      }
    }
  }

  async #removeOld(saved: string, step: number, before: readonly StoredCheckpoint[]) {
    const past = before.filter((other) => other.step < step && !this.#damaged.has(other.file));
    const staying = new Set(past.slice(0, this.#keep - 1).map(({ file }) => file));
    for (const { file } of before.filter((other) => !staying.has(other.file))) {
      try {
        await this.#fileSystem.unlink(file);
      } catch (error) {
        throw new CheckpointError(
          file,
          `checkpoint ${saved} is written, but the older ${file} could not be removed: ` +
            explainSystemError(error),
          saved,
          { cause: error },
        );
      }
    }
  }
}
