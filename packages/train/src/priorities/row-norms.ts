import { DataError, describeValue, type TensorData } from '@sketchgrad/core';
import { type BatchRows, forEachToken, lengthOf } from './batch-rows.js';
import { ExampleNorms } from './example-norms.js';
import type { PriorityPolicy } from './policy.js';
import { PositionAverages } from './position-averages.js';

/** What the names of a checkpoint's tensors begin with that hold row norms. */
const PREFIX = 'rowNorms.';
const STARTS = `${PREFIX}starts.`;
const BY_EXAMPLE = `${PREFIX}byExample.`;
const BY_POSITION = `${PREFIX}byPosition.`;

/** The kind of rows where all layers have the same; kinds have no dots. */
const USUAL = 'tokens';

/** Where examples' norms are, of layers that have the same rows of an example. */
interface Places {
  /** Where an example's tokens begin among all tokens; −1 before it is seen. */
  readonly starts: Int32Array;
  /** Places among all tokens that are taken; even, so that two of them fill a word. */
  tokens: number;
}

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
  readonly #examples: number;
  readonly #places = new Map<string, Places>();
  readonly #byExample = new Map<string, { readonly kind: string; readonly norms: ExampleNorms }>();
  readonly #byPosition = new Map<string, PositionAverages>();

  /** @param examples how many there are in the data */
  constructor(
    readonly policy: PriorityPolicy,
    examples: number,
  ) {
    this.#examples = policy === 'example' ? examples : 0;
  }

  /**
   * The guess of each row's ‖y_i‖², f32 [rows]: by the policy; for an example that is seen for the
   * first time the average at its tokens' positions, and before there is any average, 1. Padding,
   * which no gradient reaches, has 0.
   */
  priorities(layer: string, rows: BatchRows): Float32Array {
    const found = new Float32Array(rows.attentionMask.length);
    const norms = this.#byExample.get(layer)?.norms;
    const places = this.#placesOf(rows.kind);
    const averages = this.#byPosition.get(layer) ?? new PositionAverages();
    forEachToken(rows, (row, example, position) => {
      const start = places.starts[example] ?? -1;
      const known = start < 0 ? undefined : norms?.get(start + position);
      found[row] = known ?? averages.at(position);
    });
    return found;
  }

  /** @param norms ‖y_i‖² of each row, of a loss that weighs every batch's examples alike: [rows] */
  record(layer: string, rows: BatchRows, norms: ArrayLike<number>): void {
    entry(this.#byPosition, layer, () => new PositionAverages()).record(rows, norms);
    if (this.policy === 'position') return;
    const places = this.#placesOf(rows.kind);
    for (const [index, example] of rows.indices.entries()) {
      if (places.starts[example]! >= 0) continue;
      places.starts[example] = places.tokens;
      places.tokens += 2 * Math.ceil(lengthOf(rows, index) / 2);
    }
    const kind = rows.kind ?? USUAL;
    const own = entry(this.#byExample, layer, () => ({ kind, norms: new ExampleNorms() })).norms;
    forEachToken(rows, (row, example, position) =>
      own.set(places.starts[example]! + position, norms[row]!),
    );
  }

  #placesOf(kind = USUAL): Places {
    const make = () => ({ starts: new Int32Array(this.#examples).fill(-1), tokens: 0 });
    return entry(this.#places, kind, make);
  }

  /** All that it knows, for a checkpoint; nothing where no layer ranks rows. */
  *saved(): Iterable<SavedTensor> {
    for (const [layer, averages] of this.#byPosition)
      yield { name: BY_POSITION + layer, data: averages.values };
    for (const kind of new Set([...this.#byExample.values()].map((own) => own.kind)))
      yield { name: STARTS + kind, data: this.#placesOf(kind).starts };
    for (const [layer, { kind, norms }] of this.#byExample)
      yield {
        name: `${BY_EXAMPLE}${kind}.${layer}`,
        data: norms.packed(this.#placesOf(kind).tokens),
      };
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
      const [kind, ...layer] = name.slice(BY_EXAMPLE.length).split('.');
      this.#byExample.set(layer.join('.'), { kind: kind!, norms: ExampleNorms.restored(data) });
      this.#placesOf(kind).tokens = 2 * data.length;
    } else if (
      name.startsWith(STARTS) &&
      data instanceof Int32Array &&
      data.length === this.#examples
    )
      this.#placesOf(name.slice(STARTS.length)).starts.set(data);
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
    for (const [layer, { kind, norms }] of this.#byExample) {
      if (!norms.isOf(this.#placesOf(kind).tokens))
        wrong(`not a norm for each token for ${describeValue(layer)}`);
    }
    for (const { starts, tokens } of this.#places.values())
      if (starts.some((start) => start < -1 || start >= tokens))
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
