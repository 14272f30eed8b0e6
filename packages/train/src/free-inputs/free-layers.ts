import {
  alignUp,
  dense,
  ELEMENT_BYTES,
  type Graph,
  type KeepChoice,
  type LayerEstimators,
  type LinearLayer,
  planMemory,
  type RecomputeMode,
} from '@sketchgrad/core';
import { NOTHING } from './nothing.js';

/** What decides, beside the model, which inputs the backward pass has anyway. */
export interface FreeInputOptions {
  readonly recompute?: RecomputeMode | undefined;
  readonly keep?: KeepChoice | undefined;
  /** Of a step, where the model takes others than sentences and graphs have. */
  readonly shape?: object | undefined;
}

/**
 * Sizes of a step, over sentences or over a graph. What is free hangs on how layers follow one
 * another, not on sizes: all steps of a run have exact gradients in the same layers.
 */
const SMALL = { batchSize: 4, rows: 16, longest: 4, nodes: 32, entries: 32 };

const smallerThan = (shape: object): object =>
  Object.entries(shape).every(
    ([name, size]) => typeof size !== 'number' || Object.hasOwn(SMALL, name),
  )
    ? { ...shape, ...SMALL }
    : shape;

/** What of a shape is no size. */
const kindsOf = (shape: object) =>
  Object.entries(shape)
    .filter(([, value]) => typeof value !== 'number')
    .sort();

/** `traceTrainingStep`, which asks for what is free itself. */
export type TraceStep<Model> = (
  model: Model,
  options: {
    // biome-ignore lint/suspicious/noExplicitAny: a model's own sizes, or small ones of the same names
    readonly shape: any;
    readonly estimator: LayerEstimators;
    readonly everyLayer: true;
    readonly recompute?: RecomputeMode;
    readonly keep?: KeepChoice;
  },
) => Graph;

const known = new WeakMap<object, Map<string, ReadonlySet<string>>>();

/**
 * The names of the layers whose whole input the backward pass has anyway, or makes again from what it
 * has, as it does behind a norm or a GELU where those are recomputed, and as it has a graph's features
 * where nothing is dropped of them. Keeping such an input adds no byte. By plans of a small step, which
 * are remembered for as long as the model is.
 *
 * @throws what the model's graph throws
 */
export function freeLayers<Model extends object>(
  traceStep: TraceStep<Model>,
  model: Model,
  { recompute = 'cheap', keep = {}, shape = SMALL }: FreeInputOptions = {},
): ReadonlySet<string> {
  const settings = JSON.stringify([recompute, Object.entries(keep).sort(), kindsOf(shape)]);
  const ofModel = known.get(model) ?? new Map<string, ReadonlySet<string>>();
  known.set(model, ofModel);
  const before = ofModel.get(settings);
  if (before) return before;
  const found = searched((estimator) =>
    traceStep(model, { shape: smallerThan(shape), estimator, everyLayer: true, recompute, keep }),
  );
  ofModel.set(settings, found);
  return found;
}

const EXACT = dense();

function searched(trace: (choice: LayerEstimators) => Graph): Set<string> {
  const kinds = new Map<string, LinearLayer[]>();
  const least = planMemory(
    trace((layer) => {
      const kind = `${layer.name.replace(/\d+/g, '#')} ${layer.rows} ${layer.inputs}`;
      kinds.set(kind, [...(kinds.get(kind) ?? []), layer]);
      return NOTHING;
    }),
  ).keptBytes;
  const free = new Set<string>();
  /** Layers that are alike are most often free, or not, all together. */
  const search = (layers: readonly LinearLayer[]): void => {
    const names = new Set(layers.map(({ name }) => name));
    const added =
      planMemory(trace(({ name }) => (names.has(name) ? EXACT : NOTHING))).keptBytes - least;
    if (added <= 0) for (const name of names) free.add(name);
    else if (layers.length > 1 && added < wholeBytes(layers)) {
      search(layers.slice(0, layers.length >> 1));
      search(layers.slice(layers.length >> 1));
    }
  };
  for (const layers of kinds.values()) search(layers);
  return free;
}

/** What the inputs of layers take where none of them is free. */
const wholeBytes = (layers: readonly LinearLayer[]): number =>
  layers.reduce((sum, { rows, inputs }) => sum + alignUp(rows * inputs * ELEMENT_BYTES), 0);
