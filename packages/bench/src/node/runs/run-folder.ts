import { existsSync, statSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DataError, UsageError } from '@sketchgrad/core';
import { writeFileAtomically } from '@sketchgrad/models/node';
import { CheckpointFolder, LOCK_FILE } from '@sketchgrad/train/node';
import { inLockedFolder } from './locked-folder.js';

/** By name. */
type Settings = Readonly<Record<string, unknown>>;

interface RunFile<Result> {
  /** Of the package that made it. */
  readonly version: string;
  /** Where what it started from lay. */
  readonly places: Places;
  readonly settings: Settings;
  readonly result: Result;
}

/** Names and folders as they were typed, for people: by them no run is told from another. */
export type Places = Readonly<Record<string, string | undefined>>;

/** What a run in a folder is told. */
export interface FolderRunOptions {
  /**
   * Tells all that its numbers depend on, by name: options, and what it starts from by its content.
   * Asked once the folder is the run's.
   */
  readonly settings: () => Promise<Settings>;
  readonly places: Places;
  /** Of the package that runs. */
  readonly version: string;
  /** Whether a run that is in the folder is to be continued, or told if it is finished. */
  readonly resume: boolean;
  /** Told, in a sentence, what is found there. */
  readonly note: (text: string) => void;
}

const MODEL_FILES = ['config.json', 'model.safetensors'];

/** What a file that was still being written when its process was killed is named like. */
const LEFT_OVER = /^\..+\.[0-9a-f]{12}\.tmp$/;

/** The names in a folder; none where there is no folder. @throws UsageError where it cannot be read */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR'].includes(code)) return [];
    throw new UsageError(`${path} cannot be read: ${message}`, { cause });
  }
}

/**
 * Whether a folder holds anything of a run, be it only what one has left that was killed before its first
 * checkpoint was complete.
 *
 * @param leaves names of files that runs of this kind leave besides
 */
export async function holdsRun(path: string, leaves: readonly string[] = []): Promise<boolean> {
  const own = ['run.json', 'checkpoints', LOCK_FILE, ...leaves];
  return (await namesIn(path)).some((name) => own.includes(name) || LEFT_OVER.test(name));
}

/**
 * Whether nothing is at a place yet, or an empty folder: a run may have been killed before it had
 * made more, and is resumed by starting anew.
 */
export const isUntouched = async (path: string): Promise<boolean> =>
  !existsSync(path) || (statSync(path).isDirectory() && (await namesIn(path)).length === 0);

/**
 * The folder of a run: `checkpoints/` while it lasts, and at the end what it leaves and
 * `run.json`, whose presence says that the run is finished: the package's version, where what it started
 * from lay, all that its numbers depend on, by name, and what came of it. One process at a time has it.
 */
export class RunFolder<Result> {
  readonly #runFile: string;
  /** Where the run's checkpoints are. */
  readonly checkpoints: string;

  /** @param leaves names of files that the run leaves besides */
  constructor(
    readonly path: string,
    readonly leaves: readonly string[] = [],
  ) {
    this.#runFile = join(path, 'run.json');
    this.checkpoints = join(path, 'checkpoints');
  }

  /**
   * Does a run in the folder, which nobody else can use meanwhile. With `resume` a finished run's
   * result is read, one that was stopped goes on from its checkpoints, and one that was stopped
   * before the first of them was complete starts anew.
   *
   * @param work trains, from the checkpoints if `resume`, and leaves in the folder what is to stay
   * @throws UsageError where another process has the folder, it cannot be written to, there is a run
   * or a model already and it is not to be resumed, it is one with other settings, or other
   * things than a run are there to be resumed; DataError for a damaged run.json; what `work` throws
   */
  async run(
    options: FolderRunOptions,
    work: (resume: boolean) => Promise<Result>,
  ): Promise<Result> {
    const own = [...this.leaves, ...MODEL_FILES];
    if (options.resume && !(await isUntouched(this.path)) && !(await holdsRun(this.path, own)))
      throw nothingToResume(this.path);
    return inLockedFolder(this.path, options.note, () => this.#run(options, work));
  }

  async #run(
    { settings: tell, places, version, resume, note }: FolderRunOptions,
    work: (resume: boolean) => Promise<Result>,
  ): Promise<Result> {
    if (!resume)
      this.#checkWithout(
        ['run.json', 'checkpoints', ...MODEL_FILES],
        ': pass --resume to continue the run there, or another folder to --out',
      );
    const settings = await tell();
    const finished = resume ? await this.#finished(settings) : undefined;
    if (finished) {
      note(`the run in ${this.path} is finished`);
      if (finished.version !== version)
        note(
          `warning: it was made by version ${finished.version}, this is ${version}: a new run may have other numbers`,
        );
      await this.#removeCheckpoints();
      return finished.result;
    }
    const goesOn = resume && (await this.#hasCheckpoints());
    if (resume && !goesOn) {
      this.#checkWithout(MODEL_FILES, ', and no run to resume: pass another folder to --out');
      note(`there is no complete checkpoint in ${this.path} yet: starting anew`);
    }
    await this.#removeLeftOvers();
    const result = await work(goesOn);
    await this.#finish({ version, places, settings, result });
    return result;
  }

  /** @throws UsageError where the folder holds one of these */
  #checkWithout(names: readonly string[], advice: string): void {
    const found = names.find((name) => existsSync(join(this.path, name)));
    if (found !== undefined) throw new UsageError(`${this.path} has ${found} already${advice}`);
  }

  async #hasCheckpoints(): Promise<boolean> {
    return (await new CheckpointFolder(this.checkpoints).list()).length > 0;
  }

  async #removeLeftOvers(): Promise<void> {
    for (const name of await readdir(this.path))
      if (LEFT_OVER.test(name)) await rm(join(this.path, name), { recursive: true });
  }

  /** The run, where it is finished. */
  async #finished(settings: Settings): Promise<RunFile<Result> | undefined> {
    if (!existsSync(this.#runFile)) return undefined;
    const run = await this.#read();
    // As they would come back from the file: without what is undefined.
    const wanted = JSON.parse(JSON.stringify(settings)) as Settings;
    const names = Object.keys({ ...run.settings, ...wanted });
    const other = names.filter((name) => !isDeepStrictEqual(run.settings[name], wanted[name]));
    if (other.length > 0)
      throw new UsageError(
        `the run in ${this.path} is finished, and was one with other settings: ` +
          other
            .map(
              (name) => `${name} (${show(run.settings[name])} there, ${show(wanted[name])} here)`,
            )
            .join(', '),
      );
    return run;
  }

  async #read(): Promise<RunFile<Result>> {
    try {
      const run = JSON.parse(await readFile(this.#runFile, 'utf8')) as RunFile<Result>;
      if (run?.settings && run.result && typeof run.version === 'string') return run;
    } catch (cause) {
      throw new DataError(this.#runFile, `cannot be read: ${(cause as Error).message}`, undefined, {
        cause,
      });
    }
    throw new DataError(this.#runFile, 'is no run.json of a finished run');
  }

  /** Marks the run as finished; from here on its checkpoints are of no use. */
  async #finish(run: RunFile<Result>): Promise<void> {
    const text = `${JSON.stringify(run, null, 2)}\n`;
    await writeFileAtomically(this.#runFile, (append) => append(Buffer.from(text)));
    await this.#removeCheckpoints();
  }

  async #removeCheckpoints(): Promise<void> {
    await rm(this.checkpoints, { recursive: true, force: true });
  }
}

/** Why `--resume` is refused where a folder holds other things than a run. */
export const nothingToResume = (path: string): UsageError =>
  new UsageError(
    `${path} has nothing of a run to resume: leave out --resume to start a new one there`,
  );

/** A setting as one would say it. */
const show = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);
