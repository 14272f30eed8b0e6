import type { TensorData, TensorType } from '@sketchgrad/core';
import type { TrainingProgress } from './progress.js';

/** The name and type of one tensor of a checkpoint. */
export interface TensorEntry extends TensorType {
  readonly name: string;
}

/** A tensor to be kept, and how to get its elements when their turn comes. */
export interface TensorSource extends TensorEntry {
  /** The elements, row-major. They are written before the next tensor's are asked for. */
  read(): TensorData | Promise<TensorData>;
}

/** An open checkpoint. Its tensors are read one by one, each checked against its checksum. */
export interface Checkpoint {
  /** What messages call it: a path. */
  readonly file: string;
  readonly progress: TrainingProgress;
  /** The version of this package that wrote it, as the checkpoint has it. */
  readonly version: unknown;
  /** What it holds, in the order in which reading is fastest. */
  readonly tensors: readonly TensorEntry[];
  /**
   * The elements of one tensor, row-major.
   *
   * @throws UsageError for a name that it does not hold; DataError where the bytes are damaged
   */
  read(name: string): Promise<TensorData>;
  close(): Promise<void>;
}

/** A checkpoint by its name: nothing has been read of it yet. */
export interface StoredCheckpoint {
  readonly file: string;
  readonly step: number;
}

/** A store that one run has for itself. */
export interface TakenStore {
  /** Whether there was none before. */
  readonly isNew: boolean;
  /** Lets another run have it. */
  release(): Promise<void>;
}

/**
 * Where a run keeps its checkpoints: a folder (`CheckpointFolder` of `@sketchgrad/train/node`), this
 * process's memory (`CheckpointMemory`), or another place by an object of this shape.
 */
export interface CheckpointStore {
  /** What messages call it: a folder's path. */
  readonly place: string;
  /**
   * Keeps it for one run.
   *
   * @param warn is told, in a sentence, where a second run would go unnoticed
   * @throws UsageError where another run has it, or nothing can be written there
   */
  take(warn: (message: string) => void): Promise<TakenStore>;
  /** The checkpoints that are there, the one of the latest step first. */
  list(): Promise<StoredCheckpoint[]>;
  /**
   * Writes a checkpoint of `progress.step`: there is what was there before, or the whole checkpoint,
   * whenever the process stops.
   *
   * @returns what messages call it
   * @throws CheckpointError where it cannot be written
   */
  save(progress: TrainingProgress, tensors: readonly TensorSource[]): Promise<string>;
  /**
   * Opens the latest checkpoint that is whole. Close it when done.
   *
   * @param report is told, in a sentence, of each later one that is damaged and passed over
   * @returns undefined where there is no checkpoint at all
   * @throws CheckpointError where there are some and all are damaged
   */
  openLatest(report: (message: string) => void): Promise<Checkpoint | undefined>;
}
