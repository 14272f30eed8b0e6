import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DataError, UsageError } from '@sketchgrad/core';
import { writeFileAtomically } from '@sketchgrad/models';
import { CheckpointStore } from '@sketchgrad/train/checkpoints';

interface RunFile<Settings, Result> {
  readonly settings: Settings;
  readonly result: Result;
}

/**
 * The folder of a run: `checkpoints/` while it lasts, and at the end what it leaves and
 * `run.json`, whose presence says that the run is finished: the options that its numbers depend on,
 * by name, and what came of it.
 */
export class RunFolder<Settings extends object, Result> {
  readonly #runFile: string;
  /** Where the run's checkpoints are. */
  readonly checkpoints: string;

  constructor(readonly path: string) {
    this.#runFile = join(path, 'run.json');
    this.checkpoints = join(path, 'checkpoints');
  }

  /** @throws UsageError where the folder holds a model or a run already */
  checkUnused(): void {
    const names = ['run.json', 'checkpoints', 'config.json', 'model.safetensors'];
    const found = names.find((name) => existsSync(join(this.path, name)));
    if (found !== undefined)
      throw new UsageError(
        `${this.path} has ${found} already: pass --resume to continue the run there, ` +
          'or another folder to --out',
      );
  }

  /** Whether there are checkpoints to continue from. */
  async hasCheckpoints(): Promise<boolean> {
    return (await new CheckpointStore(this.checkpoints).list()).length > 0;
  }

  /**
   * What came of the run, where it is finished.
   *
   * @throws UsageError where it was a run with other settings; DataError for a damaged run.json
   */
  async finished(settings: Settings): Promise<Result | undefined> {
    if (!existsSync(this.#runFile)) return undefined;
    const run = await this.#read();
    // As they would come back from the file: without what is undefined.
    const wanted = JSON.parse(JSON.stringify(settings)) as Settings;
    const names = Object.keys({ ...run.settings, ...wanted }) as (keyof Settings & string)[];
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
    return run.result;
  }

  async #read(): Promise<RunFile<Settings, Result>> {
    try {
      const run = JSON.parse(await readFile(this.#runFile, 'utf8')) as RunFile<Settings, Result>;
      if (run.settings && run.result) return run;
    } catch (cause) {
      throw new DataError(this.#runFile, `cannot be read: ${(cause as Error).message}`, undefined, {
        cause,
      });
    }
    throw new DataError(this.#runFile, 'is no run.json of a finished run');
  }

  /** Marks the run as finished; from here on its checkpoints are of no use. */
  async finish(settings: Settings, result: Result): Promise<void> {
    const run: RunFile<Settings, Result> = { settings, result };
    const text = `${JSON.stringify(run, null, 2)}\n`;
    await writeFileAtomically(this.#runFile, (append) => append(Buffer.from(text)));
    await this.removeCheckpoints();
  }

  async removeCheckpoints(): Promise<void> {
    await rm(this.checkpoints, { recursive: true, force: true });
  }
}

/** A setting as one would say it. */
const show = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);
