import {
  DataError,
  type DeviceState,
  describeValue,
  type Model,
  readFloats,
  type Shape,
  sameShape,
  UsageError,
} from '@sketchgrad/core';
import type {
  Checkpoint,
  CheckpointStore,
  TakenStore,
  TensorSource,
} from '../checkpoints/checkpoint-store.js';
import type { Configuration, TrainingProgress } from '../checkpoints/progress.js';
import { checkSameConfiguration } from '../checkpoints/same-configuration.js';
import { otherVersion } from '../checkpoints/version.js';
import { type Moment, stateNames } from '../optimizer/rule.js';
import { RowNorms } from '../priorities/row-norms.js';
import type { RunOptions } from '../settings/options.js';
import { warner } from '../settings/warn.js';
import { BestWeights } from './best-weights.js';
import { AS_TRACED } from './model-parts.js';

/** The tensors of a model: parameters, and what a step changes without a gradient. */
interface SavedModel extends Pick<Model<never>, 'parameters' | 'statistics'> {
  /** What the optimizer keeps of each parameter. */
  readonly moments: readonly Moment[];
}

/** What a run holds on the host, beside its state. */
export interface OnHost {
  readonly rowNorms: RowNorms;
  readonly best: BestWeights | undefined;
}

/** Tensors of a state that continuing a run needs; accumulators are zero between updates. */
const savedTensors = ({
  parameters,
  statistics = [],
  moments,
}: SavedModel): { name: string; shape: Shape }[] => [
  ...parameters.flatMap(({ name, shape }) => {
    const names = stateNames(name);
    const kept = moments.map((moment) => names[moment]);
    return [name, ...kept].map((tensor) => ({ name: tensor, shape }));
  }),
  ...statistics.map(({ name, shape }) => ({ name, shape })),
];

/** A run's own view of its checkpoints: the one that it continues, and those that it writes. */
export class RunCheckpoints {
  readonly #taken: TakenStore;
  readonly #store: CheckpointStore;
  readonly #model: SavedModel;
  readonly #found: Checkpoint | undefined;
  /** The latest that is complete. */
  last: string | undefined;

  private constructor(
    taken: TakenStore,
    store: CheckpointStore,
    model: SavedModel,
    found?: Checkpoint,
  ) {
    this.#taken = taken;
    this.#store = store;
    this.#model = model;
    this.#found = found;
    this.last = found?.file;
  }

  /**
   * Takes the store for this run, and finds the checkpoint to resume or makes sure that there is
   * none; `undefined` for a run that keeps none. A run that was stopped before its first checkpoint
   * was complete has left none, and starts anew.
   *
   * @param misplaced tells what no run of these settings has left behind, of a progress that its
   * checksum says is whole; undefined where nothing speaks against it
   * @throws UsageError where another run has the store, where there are checkpoints and the run is
   * new, where there is no store to resume from, or where its checkpoints are of another model or
   * other settings; CheckpointError where all are damaged; DataError for what cannot be
   */
  static async open(
    model: SavedModel,
    options: Pick<RunOptions, 'checkpoint' | 'resume' | 'onWarning'>,
    configuration: Configuration,
    misplaced: Misplaced,
  ): Promise<RunCheckpoints | undefined> {
    if (!options.checkpoint) return undefined;
    const { store } = options.checkpoint;
    const warn = warner(options.onWarning);
    const taken = await store.take(warn);
    try {
      const found = options.resume
        ? await foundToResume(store, taken, { model, configuration, misplaced }, warn)
        : await checkNew(store);
      return new RunCheckpoints(taken, store, model, found);
    } catch (error) {
      await taken.release();
      throw error;
    }
  }

  /** Whether there is a checkpoint that the run continues. */
  get resumes(): boolean {
    return this.#found !== undefined;
  }

  /**
   * Brings the state and what is on the host to where the checkpoint left them; `undefined` for a new run.
   *
   * @throws DataError for numbers that no run has left
   */
  async restore(
    state: DeviceState,
    { rowNorms, best }: OnHost,
  ): Promise<TrainingProgress | undefined> {
    if (!this.#found) return undefined;
    const { file, progress, tensors } = this.#found;
    for (const { name } of tensors) {
      const data = await this.#found.read(name);
      if (RowNorms.owns(name)) rowNorms.restore(file, { name, data });
      else if (BestWeights.owns(name))
        best!.restore(file, name, finite(file, name, data as Float32Array));
      else await state.write(name, finite(file, name, data as Float32Array));
    }
    rowNorms.checkRestored(file);
    best?.checkRestored(file, progress.evaluations.length > 0);
    return progress;
  }

  /**
   * @param nonFinite makes the error for a tensor with a number that is not finite
   * @throws CheckpointError where it cannot be written
   */
  async save(
    progress: TrainingProgress,
    state: DeviceState,
    { rowNorms, best }: OnHost,
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
    this.last = await this.#store.save(progress, [...tensors, ...norms, ...(best?.saved() ?? [])]);
  }

  async close(): Promise<void> {
    await this.#found?.close();
    await this.#taken.release();
  }
}

/** @throws UsageError where there are checkpoints */
async function checkNew(store: CheckpointStore): Promise<undefined> {
  const [latest] = await store.list();
  if (latest)
    throw new UsageError(
      `${store.place} has checkpoints of an earlier run, the latest after step ${latest.step}: ` +
        'pass resume to continue it, or another place for a new run',
    );
}

/** What a progress says that cannot be, in words. */
export type Misplaced = (progress: TrainingProgress) => string | undefined;

/** What a checkpoint is compared with. */
interface Resuming {
  readonly model: SavedModel;
  readonly configuration: Configuration;
  readonly misplaced: Misplaced;
}

/** The checkpoint to resume; undefined where the run was stopped before one was complete. */
async function foundToResume(
  store: CheckpointStore,
  taken: TakenStore,
  { model, configuration, misplaced }: Resuming,
  warn: (message: string) => void,
): Promise<Checkpoint | undefined> {
  const { place } = store;
  if (taken.isNew)
    throw new UsageError(
      `there is nothing at ${place} to resume from; leave resume out to start a new run there`,
    );
  const found = await store.openLatest(warn);
  if (!found) {
    warn(`there is no complete checkpoint in ${place} yet: starting anew`);
    return undefined;
  }
  try {
    const { file, progress } = found;
    // Before what may be refused, of which it can be the reason.
    const note = otherVersion(found);
    if (note !== undefined) warn(note);
    // What has a name first, which says more than a checksum that differs with it.
    checkSameConfiguration(file, named(progress.configuration), named(configuration));
    checkTensors(found, model);
    checkSameConfiguration(file, progress.configuration, configuration);
    const wrong = misplaced(progress);
    if (wrong !== undefined)
      throw new DataError(file, `is of no run with these settings: ${wrong}`);
  } catch (error) {
    await found.close();
    throw error;
  }
  return found;
}

const named = ({ [AS_TRACED]: _, ...rest }: Configuration): Configuration => rest;

/** Reads a tensor of a state. A finite loss does not tell that the update after it was, too. */
export async function readFinite(
  state: DeviceState,
  name: string,
  nonFinite: (what: string) => Error,
): Promise<Float32Array> {
  const data = await readFloats(state, name);
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i])) throw nonFinite(`'${name}' has become ${data[i]}`);
  return data;
}

function checkTensors({ file, tensors }: Checkpoint, model: SavedModel): void {
  const expected = new Map(savedTensors(model).map(({ name, shape }) => [name, shape]));
  const other = 'it is of another model';
  for (const { name, shape, dtype } of tensors) {
    if (RowNorms.owns(name) || BestWeights.owns(name)) continue;
    const wanted = expected.get(name);
    if (!wanted || dtype !== 'f32')
      throw new UsageError(
        `${file} has a tensor ${describeValue(name)}, which the model has not: ${other}`,
      );
    if (!sameShape(wanted, shape))
      throw new UsageError(
        `${file} has '${name}' as [${shape.slice(0, 8).join(', ')}${shape.length > 8 ? ', …' : ''}], the model as [${wanted.join(', ')}]: ${other}`,
      );
    expected.delete(name);
  }
  const [missing] = expected.keys();
  if (missing !== undefined)
    throw new UsageError(`${file} has no tensor '${missing}', which the model has: ${other}`);
}

/** @throws DataError for a number that is not finite: none is ever saved */
function finite(file: string, name: string, data: Float32Array): Float32Array {
  const wrong = data.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new DataError(file, `has ${wrong} in '${name}'`);
  return data;
}
