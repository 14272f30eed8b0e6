import { type DeviceState, type Shape, sameShape, UsageError } from '@sketchgrad/core';
import type { Checkpoint, CheckpointStore, TensorSource } from '../checkpoints/index.js';
import type { Configuration, TrainingProgress } from '../checkpoints/progress.js';
import type { TrainableModel } from '../model.js';
import { stateNames } from '../optimizer/adamw.js';
import { RowNorms } from '../priorities/row-norms.js';
import type { FineTuneOptions } from './options.js';

/** The tensors of a model: parameters, and what a step changes without a gradient. */
type SavedModel = Pick<TrainableModel, 'parameters'> & {
  readonly statistics?: readonly { readonly name: string; readonly shape: Shape }[];
};

/** Tensors of a state that continuing a run needs; accumulators are zero between updates. */
const savedTensors = ({
  parameters,
  statistics = [],
}: SavedModel): { name: string; shape: Shape }[] => [
  ...parameters.flatMap(({ name, shape }) => {
    const { first, second } = stateNames(name);
    return [name, first, second].map((tensor) => ({ name: tensor, shape }));
  }),
  ...statistics.map(({ name, shape }) => ({ name, shape })),
];

/** A run's own view of its checkpoints: the one that it continues, and those that it writes. */
export class RunCheckpoints {
  readonly #store: CheckpointStore;
  readonly #model: SavedModel;
  readonly #found: Checkpoint | undefined;
  /** The latest that is complete. */
  last: string | undefined;

  private constructor(store: CheckpointStore, model: SavedModel, found?: Checkpoint) {
    this.#store = store;
    this.#model = model;
    this.#found = found;
    this.last = found?.file;
  }

  /**
   * Finds the checkpoint to resume, or makes sure that there is none; `undefined` for a run that
   * keeps none.
   *
   * @throws UsageError where there are checkpoints and the run is new, where there are none to
   * resume, or where they are of another model or other settings; CheckpointError where all are
   * damaged
   */
  static async open(
    model: SavedModel,
    options: Pick<FineTuneOptions, 'checkpoint' | 'resume' | 'onWarning'>,
    configuration: Configuration,
  ): Promise<RunCheckpoints | undefined> {
    if (!options.checkpoint) return undefined;
    const { directory, keep } = options.checkpoint;
    // Loaded here, so that all the rest runs where there is no file system.
    const { CheckpointStore, checkSameConfiguration } = await import('../checkpoints/index.js');
    const store = new CheckpointStore(directory, keep === undefined ? {} : { keep });
    if (!options.resume) {
      const [latest] = await store.list();
      if (latest)
        throw new UsageError(
          `${directory} has checkpoints of an earlier run, the latest after step ${latest.step}: ` +
            'pass resume to continue it, or another directory for a new run',
        );
      return new RunCheckpoints(store, model);
    }
    const warn = options.onWarning ?? ((message: string) => process.emitWarning(message));
    const found = await store.openLatest(warn);
    if (!found)
      throw new UsageError(
        `there is no checkpoint in ${directory} to resume; leave resume out to start a new run there`,
      );
    try {
      checkSameConfiguration(found.file, found.progress.configuration, configuration);
      checkTensors(found, model);
    } catch (error) {
      await found.close();
      throw error;
    }
    return new RunCheckpoints(store, model, found);
  }

  /** Brings state and norms to where the checkpoint left them; `undefined` for a new run. */
  async restore(state: DeviceState, rowNorms: RowNorms): Promise<TrainingProgress | undefined> {
    if (!this.#found) return undefined;
    for (const { name } of this.#found.tensors) {
      const data = await this.#found.read(name);
      if (RowNorms.owns(name)) rowNorms.restore(this.#found.file, { name, data });
      else await state.write(name, data as Float32Array);
    }
    return this.#found.progress;
  }

  /**
   * @param nonFinite makes the error for a tensor with a number that is not finite
   * @throws CheckpointError where the file system fails
   */
  async save(
    progress: TrainingProgress,
    state: DeviceState,
    rowNorms: RowNorms,
    nonFinite: (what: string) => Error,
  ): Promise<void> {
    const tensors = savedTensors(this.#model).map(
      ({ name, shape }): TensorSource => ({
        name,
        shape,
        dtype: 'f32',
        read: () => readFinite(state, name, nonFinite),
      }),
    );
    const norms = [...rowNorms.saved()].map(
      ({ name, data }): TensorSource => ({
        name,
        shape: [data.length],
        dtype: data instanceof Int32Array ? 'i32' : 'f32',
        read: () => data,
      }),
    );
    this.last = await this.#store.save(progress, [...tensors, ...norms]);
  }

  async close(): Promise<void> {
    await this.#found?.close();
  }
}

/** Reads a tensor of a state. A finite loss does not tell that the update after it was, too. */
export async function readFinite(
  state: DeviceState,
  name: string,
  nonFinite: (what: string) => Error,
): Promise<Float32Array> {
  const data = await state.read(name);
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i])) throw nonFinite(`'${name}' has become ${data[i]}`);
  return data;
}

function checkTensors({ file, tensors }: Checkpoint, model: SavedModel): void {
  const expected = new Map(savedTensors(model).map(({ name, shape }) => [name, shape]));
  const other = 'it is of another model';
  for (const { name, shape, dtype } of tensors) {
    if (RowNorms.owns(name)) continue;
    const wanted = expected.get(name);
    if (!wanted || dtype !== 'f32')
      throw new UsageError(`${file} has a tensor '${name}', which the model has not: ${other}`);
    if (!sameShape(wanted, shape))
      throw new UsageError(
        `${file} has '${name}' as [${shape.join(', ')}], the model as [${wanted.join(', ')}]: ${other}`,
      );
    expected.delete(name);
  }
  const [missing] = expected.keys();
  if (missing !== undefined)
    throw new UsageError(`${file} has no tensor '${missing}', which the model has: ${other}`);
}
