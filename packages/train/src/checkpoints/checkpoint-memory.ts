import { describeValue, type TensorData, UsageError } from '@sketchgrad/core';
import type {
  Checkpoint,
  CheckpointStore,
  StoredCheckpoint,
  TakenStore,
  TensorEntry,
  TensorSource,
} from './checkpoint-store.js';
import { checkProgress, type TrainingProgress } from './progress.js';
import { VERSION } from './version.js';

/** A checkpoint as it is held. */
interface Held {
  readonly progress: TrainingProgress;
  readonly entries: readonly TensorEntry[];
  readonly data: ReadonlyMap<string, TensorData>;
}

/**
 * Holds a run's latest checkpoint in this process's memory, so that a run which was interrupted can go
 * on; it ends with the process. As many bytes as the checkpoint's tensors, twice as many while one is
 * taken.
 */
export class CheckpointMemory implements CheckpointStore {
  readonly place = 'memory';
  #held: Held | undefined;
  #isTaken = false;

  async take(): Promise<TakenStore> {
    if (this.#isTaken)
      throw new UsageError('this CheckpointMemory is in use by another run: make one for each run');
    this.#isTaken = true;
    return {
      isNew: this.#held === undefined,
      release: async () => {
        this.#isTaken = false;
      },
    };
  }

  async list(): Promise<StoredCheckpoint[]> {
    if (!this.#held) return [];
    const { step } = this.#held.progress;
    return [{ file: nameOf(step), step }];
  }

  async save(progress: TrainingProgress, tensors: readonly TensorSource[]): Promise<string> {
    checkProgress(progress);
    const data = new Map<string, TensorData>();
    for (const source of tensors) data.set(source.name, (await source.read()).slice());
    const entries = tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
    this.#held = { progress: structuredClone(progress), entries, data };
    return nameOf(progress.step);
  }

  async openLatest(): Promise<Checkpoint | undefined> {
    if (!this.#held) return undefined;
    const { progress, entries, data } = this.#held;
    const file = nameOf(progress.step);
    return {
      ...{ file, version: VERSION, tensors: entries },
      progress: structuredClone(progress),
      async read(name) {
        const found = data.get(name);
        if (!found) throw new UsageError(`${file} holds no tensor ${describeValue(name)}`);
        return found.slice();
      },
      close: async () => {},
    };
  }
}

const nameOf = (step: number): string => `the checkpoint of step ${step} in memory`;
