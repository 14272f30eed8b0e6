import { checkFlag, checkFunction, checkOneOf, checkOptions, warn } from '@sketchgrad/core';
import { architectureOf } from '../architectures/table.js';
import type { Fields } from '../checkpoint-config/fields.js';
import { parseEncoder } from '../checkpoint-config/parse.js';
import { type EncoderShape, LAST_LAYERS, type LastLayer } from '../layers/encoder-config.js';
import type { TensorStore } from '../safetensors/index.js';
import { checkSizes } from './check-sizes.js';
import { EncoderClassifier } from './encoder-classifier.js';
import { loadingNotes } from './loading-notes.js';
import type { ModelSource } from './model-source.js';
import { findOrigins, storedClasses } from './origins.js';
import { type AskedLabels, type ResolvedHead, resolveHead } from './resolve-head.js';

/** What loading a classifier is told. */
export interface LoadOptions {
  /**
   * Names of the classes in the order of the logits, how many there are, or 'regression'. One name is
   * regression too. A checkpoint's classifier whose classes have these names in another order has its
   * rows put into this order; where its names are others, rows are taken by position, and
   * `onWarning` is told. Default: what the folder's config.json says, else two classes.
   */
  readonly labels?: AskedLabels;
  /** Draws all weights from the seed instead of reading them. Default false. */
  readonly randomWeights?: boolean;
  /** Draws the classifier anew even where the checkpoint has one. Default false. */
  readonly newHead?: boolean;
  /**
   * Which rows the last layer computes: `first`, those of the first tokens alone, from the keys and values
   * of all, which gives the same predictions for less; or `all`. Default first.
   */
  readonly lastLayer?: LastLayer;
  /**
   * Told, in a sentence, what a checkpoint's user should know: layers of the head that are drawn,
   * tensors that nobody uses, classes taken by position or counted otherwise in config.json, F64
   * rounded to f32. A warning of the
   * platform's unless given.
   */
  readonly onWarning?: (message: string) => void;
}

/** @throws UsageError for options that are none */
export function checkLoadOptions(caller: string, options: LoadOptions): void {
  checkOptions(caller, options, {
    ...{ labels: true, randomWeights: true, newHead: true, lastLayer: true, onWarning: true },
  });
  const { randomWeights = false, newHead = false, lastLayer = 'first', onWarning = warn } = options;
  checkFlag('randomWeights', randomWeights);
  checkFlag('newHead', newHead);
  checkOneOf('lastLayer', lastLayer, LAST_LAYERS);
  checkFunction('onWarning', onWarning);
}

/**
 * A classifier of a config.json's fields and a checkpoint: what the file, the weights and the options
 * say of its shape and its head is compared, and what the user should know is told.
 *
 * @throws UsageError for labels that are empty or repeated; DataError for a config.json that is not
 * valid, and for weights whose tensors are not the model's, naming the first, or whose classifier is for
 * another number of classes than is asked for, or says yes or no to each of them
 */
export async function classifierOf(
  fields: Fields,
  source: ModelSource,
  { labels, newHead = false, lastLayer = 'first', onWarning = warn }: LoadOptions,
): Promise<EncoderClassifier> {
  const shape = parseEncoder(fields);
  const store = await source.weights?.();
  if (store === undefined)
    return new EncoderClassifier(
      { ...shape, ...headOf(resolveHead(fields, labels, undefined)), lastLayer },
      source,
    );
  try {
    return loadFrom(store, fields, shape, { labels, newHead, lastLayer, onWarning, source });
  } finally {
    await store.close();
  }
}

function loadFrom(
  store: TensorStore,
  fields: Fields,
  shape: EncoderShape,
  {
    labels,
    newHead,
    lastLayer,
    onWarning,
    source,
  }: Required<Pick<LoadOptions, 'newHead' | 'lastLayer' | 'onWarning'>> & {
    readonly labels: AskedLabels | undefined;
    readonly source: ModelSource;
  },
): EncoderClassifier {
  checkSizes(fields.file, shape, store);
  const classes = storedClasses(store, architectureOf(shape).tensors, newHead);
  const resolved = resolveHead(
    fields,
    labels,
    classes === undefined ? undefined : { file: store.path, classes },
  );
  const model = new EncoderClassifier(
    { ...shape, ...headOf(resolved), lastLayer },
    { ...source, newHead, ...(resolved.classRows && { classRows: resolved.classRows }) },
  );
  const origins = findOrigins(store, model.config, model.parameters, newHead);
  for (const note of [...resolved.warnings, ...loadingNotes(store, origins)]) onWarning(note);
  return model;
}

const headOf = ({ labels, problemType }: ResolvedHead) => ({ labels, problemType });
