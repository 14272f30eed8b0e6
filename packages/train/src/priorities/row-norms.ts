import { DataError, describeValue, type TensorData } from '@sketchgrad/core';
import { type BatchRows, forEachToken, lengthOf } from './batch-rows.js';
import { ExampleNorms } from './example-norms.js';
import type { PriorityPolicy } from './policy.js';
import { PositionAverages } from './position-averages.js';

/** What the names of a checkpoint's tensors begin with that hold row norms. */
const PREFIX = 'rowNorms.';
const STARTS = `${PREFIX}starts`;
const BY_EXAMPLE = `${PREFIX}byExample.`;
const BY_POSITION = `${PREFIX}byPosition.`;

/** A tensor of a checkpoint. */
interface SavedTensor {
  readonly name: string;
  readonly data: TensorData;
}

/**
 * The norms of rows' cotangents that a run has seen, on the host: from them come the priorities
 * that an estimator is handed which ranks rows.
 */
export class RowNorms {
  /** Where an example's tokens begin among all tokens; −1 before it is seen. */
  #starts: Int32Array;
  /** Places among all tokens that are taken; even, so that two of them fill a word. */
  #tokens = 0;
  readonly #byExample = new Map<string, ExampleNorms>();
  readonly #byPosition = new Map<string, PositionAverages>();

  /** @param examples how many there are in the data */
  constructor(
    readonly policy: PriorityPolicy,
    examples: number,
  ) {
    this.#starts = new Int32Array(policy === 'example' ? examples : 0).fill(-1);
  }

  /**
   * The guess of each row's ‖y_i‖², f32 [rows]: by the policy; for an example that is seen for the
   * first time the average at its tokens' positions, and before there is any average, 1. Padding,
   * which no gradient reaches, has 0.
   */
  priorities(layer: string, rows: BatchRows): Float32Array {
    const found = new Float32Array(rows.attentionMask.length);
    const norms = this.#byExample.get(layer);
    const averages = this.#byPosition.get(layer) ?? new PositionAverages();
    forEachToken(rows, (row, example, position) => {
      const start = this.#starts[example] ?? -1;
      const known = start < 0 ? undefined : norms?.get(start + position);
      found[row] = known ?? averages.at(position);
    });
    return found;
  }

  /** @param norms ‖y_i‖² of each row, of a loss that weighs every batch's examples alike: [rows] */
  record(layer: string, rows: BatchRows, norms: ArrayLike<number>): void {
    entry(this.#byPosition, layer, () => new PositionAverages()).record(rows, norms);
    if (this.policy === 'position') return;
    for (const [index, example] of rows.indices.entries()) {
      if (this.#starts[example]! >= 0) continue;
      this.#starts[example] = this.#tokens;
      this.#tokens += 2 * Math.ceil(lengthOf(rows, index) / 2);
    }
    const own = entry(this.#byExample, layer, () => new ExampleNorms());
    forEachToken(rows, (row, example, position) =>
      own.set(this.#starts[example]! + position, norms[row]!),
    );
  }

  /** All that it knows, for a checkpoint; nothing where no layer ranks rows. */
  *saved(): Iterable<SavedTensor> {
    for (const [layer, averages] of this.#byPosition)
      yield { name: BY_POSITION + layer, data: averages.values };
    if (this.#byExample.size > 0) yield { name: STARTS, data: this.#starts };
    for (const [layer, norms] of this.#byExample)
      yield { name: BY_EXAMPLE + layer, data: norms.packed(this.#tokens) };
  }

  /** Whether a checkpoint's tensor is one of `saved`. */
  static owns(name: string): boolean {
    return name.startsWith(PREFIX);
  }

  /** Takes back a tensor of `saved`. @throws DataError for one that does not fit the data */
  restore(file: string, { name, data }: SavedTensor): void {
    if (name.startsWith(BY_POSITION) && data instanceof Float32Array)
      this.#byPosition.set(name.slice(BY_POSITION.length), PositionAverages.restored(data));
    else if (name.startsWith(BY_EXAMPLE) && data instanceof Int32Array) {
      this.#byExample.set(name.slice(BY_EXAMPLE.length), ExampleNorms.restored(data));
      this.#tokens = 2 * data.length;
    } else if (name === STARTS && data instanceof Int32Array && data.length === this.#starts.length)
      this.#starts = Int32Array.from(data);
    else
      throw new DataError(
        file,
        `has a tensor ${describeValue(name)} that is not of this run's data`,
      );
  }

  /** After all of `saved` are back. @throws DataError where they are not of one run */
  checkRestored(file: string): void {
    const wrong = (what: string) => {
      throw new DataError(file, `holds ${what}, which no run has left`);
    };
    for (const [layer, averages] of this.#byPosition)
      if (!averages.values.every((value) => Number.isFinite(value)))
        wrong(`averages that are not finite for ${describeValue(layer)}`);
    for (const [layer, norms] of this.#byExample) {
      if (!norms.isOf(this.#tokens)) wrong(`not a norm for each token for ${describeValue(layer)}`);
    }
    if (this.#starts.some((start) => start < -1 || start >= this.#tokens))
      wrong('places of tokens that it has no norms for');
  }
}

function entry<T>(map: Map<string, T>, name: string, make: () => T): T {
  const known = map.get(name);
  if (known) return known;
  const made = make();
  map.set(name, made);
  return made;
}
