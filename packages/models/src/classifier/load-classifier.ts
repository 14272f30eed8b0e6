import { checkFlag, checkFunction, checkOptions, checkText } from '@sketchgrad/core';
import { architectureOf } from '../architectures/table.js';
import type { Fields } from '../checkpoint-config/fields.js';
import { parseEncoder } from '../checkpoint-config/parse.js';
import type { EncoderShape } from '../layers/encoder-config.js';
import { openCheckpoint, type TensorStore } from '../safetensors/index.js';
import { checkSizes } from './check-sizes.js';
import { EncoderClassifier, type ModelSource } from './encoder-classifier.js';
import { findModel } from './find-model.js';
import { loadingNotes } from './loading-notes.js';
import { findOrigins, storedClasses } from './origins.js';
import { type AskedLabels, type ResolvedHead, resolveHead } from './resolve-head.js';

/** What {@link loadClassifier} is told. */
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
   * Told, in a sentence, what a checkpoint's user should know: layers of the head that are drawn,
   * tensors that nobody uses, classes taken by position or counted otherwise in config.json, F64
   * rounded to f32. A Node warning unless given.
   */
  readonly onWarning?: (message: string) => void;
}

/**
 * Loads a model to be fine-tuned: its configuration now, its weights when training starts. Tensors
 * may all have the prefix `module.`, `_orig_mod.` or `model.`, may lack the encoder's own (`bert.`), and
 * normalisations may have the names of old, gamma and beta.
 *
 * @param nameOrFolder 'minilm' (all-MiniLM-L6-v2, which is installed with this package), a Hugging
 * Face folder with config.json and model.safetensors, or, with random weights only, 'bert-base' or
 * 'roberta-base'
 * @throws UsageError for what is none of these, and for labels that are empty or repeated; DataError
 * for a folder without valid files, whose tensors are not the model's, naming the first, or whose
 * classifier is for another number of classes than is asked for, or says yes or no to each of them
 */
export async function loadClassifier(
  nameOrFolder: string,
  options: LoadOptions = {},
): Promise<EncoderClassifier> {
  checkText('the name or folder of a model', nameOrFolder);
  checkOptions('loadClassifier', options, {
    ...{ labels: true, randomWeights: true, newHead: true, onWarning: true },
  });
  const {
    labels,
    randomWeights = false,
    newHead = false,
    onWarning = (message) => process.emitWarning(message),
  } = options;
  checkFlag('randomWeights', randomWeights);
  checkFlag('newHead', newHead);
  checkFunction('onWarning', onWarning);
  const { source, readConfigFields } = await findModel(nameOrFolder, randomWeights);
  const fields = await readConfigFields();
  const shape = parseEncoder(fields);
  if (source.weights === undefined)
    return new EncoderClassifier(
      { ...shape, ...headOf(resolveHead(fields, labels, undefined)) },
      source,
    );
  const store = await openCheckpoint(source.weights);
  try {
    return loadFrom(store, fields, shape, { labels, newHead, onWarning, source });
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
    onWarning,
    source,
  }: Required<Pick<LoadOptions, 'newHead' | 'onWarning'>> & {
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
    { ...shape, ...headOf(resolved) },
    { ...source, newHead, ...(resolved.classRows && { classRows: resolved.classRows }) },
  );
  const origins = findOrigins(store, model.config, model.parameters, newHead);
  for (const note of [...resolved.warnings, ...loadingNotes(store, origins)]) onWarning(note);
  return model;
}

const headOf = ({ labels, problemType }: ResolvedHead) => ({ labels, problemType });
