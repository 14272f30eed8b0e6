import type { Model, TensorData } from '@sketchgrad/core';
import type { Configuration } from '../checkpoints/progress.js';
import type { BatchRows } from '../priorities/batch-rows.js';

/** What one pass of a model takes. */
export interface StepBatch<Sizes> {
  /** What the model's `build` is told; batches of equal sizes share their graph, so a run should have few. */
  readonly shape: Sizes;
  /** The graph's inputs by name, f32 or i32, but for `key`, `settings` and what the source holds. */
  readonly inputs: Readonly<Record<string, TensorData>>;
  /** How many the loss is a mean over: the batch's weight among others. */
  readonly examples: number;
  /** Whose rows a layer's input has; needed where an estimator ranks rows. */
  rows?(layer: string): BatchRows;
}

/** One update of the parameters. */
export interface StepUpdate<Sizes> {
  /** Of all its batches. */
  readonly examples: number;
  /** One, or several whose gradients are added up; each is made when its turn comes. */
  readonly batches: readonly (() => StepBatch<Sizes> | Promise<StepBatch<Sizes>>)[];
}

/** The sizes of a batch that a run will come to. */
export interface KnownBatch<Sizes> {
  readonly shape: Sizes;
  readonly examples: number;
}

/** A batch of an update that a run will come to. */
export interface KnownStep<Sizes> extends KnownBatch<Sizes> {
  /** Which of its update's batches it is, and how many those are. */
  readonly index: number;
  readonly of: number;
  /** The update, counted from 0 over the whole run; undefined for one of any number. */
  readonly update?: number;
}

/** Gathers what an evaluation's batches gave. */
export interface Judge<Sizes> {
  /** @param outputs the model's, by name */
  add(batch: StepBatch<Sizes>, outputs: Readonly<Record<string, TensorData>>): void;
  /** The scores by name, after the last batch; each more the better. */
  scores(): Record<string, number>;
}

/** What a model is judged by while it is trained. */
export interface StepEvaluation<Sizes> {
  /** The names of its scores, the leading one first; none where only the loss counts. */
  readonly scores: readonly string[];
  /** Of the source's `held` inputs, those that are the same here; the others its batches hand in. */
  readonly held?: readonly string[];
  /** The batches, in order, the same each time. */
  batches(): Iterable<() => StepBatch<Sizes> | Promise<StepBatch<Sizes>>>;
  /**
   * Begins an evaluation.
   * @param nonFinite makes the error for an output that is not finite
   */
  judge(nonFinite: (what: string) => Error): Judge<Sizes>;
  /** All sizes that its batches have; those of the first are all that is known unless given. */
  known?(): Iterable<KnownBatch<Sizes>>;
}

/** The batches that a budget's search looks at. */
export interface ProbeBatches<Sizes> {
  readonly count: number;
  batch(index: number): StepBatch<Sizes> | Promise<StepBatch<Sizes>>;
}

/**
 * What a run steps through: sentences in batches, a graph or its parts, or whatever a model takes.
 * Everything follows from the source and the options: the same epoch has the same updates each time.
 */
export interface StepSource<Sizes extends object> {
  readonly model: Model<Sizes>;
  /**
   * What the run's numbers owe to the data, by name: how many examples, a checksum. A run is resumed only
   * with the same.
   */
  readonly configuration: Configuration;
  /** Updates in each epoch; left out where that is known only when they are made. */
  readonly updatesPerEpoch?: number;
  /** Whether updates are of several batches, whose gradients are added up; false unless given. */
  readonly accumulates?: boolean;
  /** How many examples `BatchRows` counts; needed where an estimator ranks rows. */
  readonly examples?: number | undefined;
  /**
   * Inputs that are the same in every batch, by name: they are put on the device once. Batches do not
   * hand them in.
   */
  readonly held?: Readonly<Record<string, TensorData>>;
  /** The updates of an epoch, counted from 0, in order. */
  updates(epoch: number): Iterable<StepUpdate<Sizes>> | AsyncIterable<StepUpdate<Sizes>>;
  /**
   * All sizes that a run of so many epochs comes to, so that what it needs is known, and allocated,
   * before its first step; those of the first update are all that is known unless given.
   */
  known?(epochs: number): Iterable<KnownStep<Sizes>>;
  /** Told what each pass of a training step gave, by name: `loss`, and what the model observes (core's `observe`). */
  onOutputs?(batch: StepBatch<Sizes>, outputs: Readonly<Record<string, TensorData>>): void;
  readonly evaluation?: StepEvaluation<Sizes>;
  /**
   * What a budget's search measures variances on, batches of not more than so many examples; the first
   * update's first batch unless given.
   */
  probes?(mostExamples: number): ProbeBatches<Sizes>;
  /**
   * Other numbers of batches that its updates can be cut into, by rising number, and how: a budget that
   * cannot be met says which would help. None unless given; what is cut tells its sizes by `known`.
   */
  readonly cuts?: readonly number[];
  cutInto?(batches: number): StepSource<Sizes>;
}
