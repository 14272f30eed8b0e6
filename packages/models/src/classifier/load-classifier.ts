import { UsageError } from '@sketchgrad/core';
import {
  BUILT_IN_CONFIGS,
  embeddedMiniLm,
  type HeadOptions,
  readConfig,
} from '../checkpoint-config/index.js';
import { EncoderClassifier, type ModelSource } from './encoder-classifier.js';
import { kindOfPath } from './model-folder.js';
import { checkWeights } from './starting-weights.js';

/** What {@link loadClassifier} is told. */
export interface LoadOptions {
  /**
   * Names of the classes, how many there are, or 'regression'. One name is regression too. Default:
   * what the folder's config.json says, else two classes.
   */
  readonly labels?: readonly string[] | number | 'regression';
  /** Draws all weights from the seed instead of reading them. Default false. */
  readonly randomWeights?: boolean;
  /** Draws the classifier anew even where the checkpoint has one. Default false. */
  readonly newHead?: boolean;
}

/**
 * Loads a model to be fine-tuned: its configuration now, its weights when training starts.
 *
 * @param nameOrFolder 'minilm' (all-MiniLM-L6-v2, which is installed with this package), a Hugging
 * Face folder with config.json and model.safetensors, or, with random weights only, 'bert-base' or
 * 'roberta-base'
 * @throws UsageError for what is none of these, and for labels that are empty or repeated; DataError
 * for a folder without valid files, or whose tensors are not the model's, naming the first
 */
export async function loadClassifier(
  nameOrFolder: string,
  { labels, randomWeights = false, newHead = false }: LoadOptions = {},
): Promise<EncoderClassifier> {
  const head = labels === undefined ? {} : headOptions(labels);
  const { source, configure } = await find(nameOrFolder, randomWeights);
  const model = new EncoderClassifier(await configure(head), { ...source, newHead });
  await checkWeights(model.config, model.parameters, { ...source, newHead });
  return model;
}

interface Found {
  readonly source: ModelSource;
  readonly configure: (head: HeadOptions) => Promise<EncoderClassifier['config']>;
}

async function find(name: string, randomWeights: boolean): Promise<Found> {
  if (name === 'minilm') {
    const { weights, tokenizer, config } = await embeddedMiniLm();
    return {
      source: { name, tokenizer, ...(randomWeights ? {} : { weights }) },
      configure: (head) => readConfig(config, head),
    };
  }
  if (name === 'bert-base' || name === 'roberta-base') {
    if (!randomWeights)
      throw new UsageError(
        `the weights of '${name}' are not installed with this package; pass a folder that holds ` +
          'its config.json, model.safetensors and tokenizer, or ask for random weights',
      );
    return {
      source: { name },
      configure: async (head) => ({
        ...BUILT_IN_CONFIGS[name],
        ...(head.labels && head.problemType
          ? { labels: head.labels, problemType: head.problemType }
          : {}),
      }),
    };
  }
  if ((await kindOfPath(name)) !== 'folder')
    throw new UsageError(
      `there is no model or folder '${name}'; accepted: ${Object.keys(BUILT_IN_CONFIGS).join(', ')}, ` +
        'or a folder with config.json and model.safetensors',
    );
  return {
    source: { name, tokenizer: name, ...(randomWeights ? {} : { weights: name }) },
    configure: (head) => readConfig(name, head),
  };
}

/** @throws UsageError for labels that are empty, repeated or not a count */
function headOptions(labels: NonNullable<LoadOptions['labels']>): Required<HeadOptions> {
  const names =
    labels === 'regression' ? ['LABEL_0'] : typeof labels === 'number' ? numbered(labels) : labels;
  if (typeof names === 'string' || names.length === 0)
    throw new UsageError(
      `labels are ${JSON.stringify(labels)}; accepted: names, how many there are, or 'regression'`,
    );
  const repeated = names.find((label, id) => names.indexOf(label) !== id);
  if (repeated !== undefined)
    throw new UsageError(`two labels are called '${repeated}'; names must differ`);
  return { labels: names, problemType: names.length === 1 ? 'regression' : 'classification' };
}

function numbered(count: number): readonly string[] {
  if (!Number.isInteger(count) || count < 1 || count > 1e6)
    throw new UsageError(
      `the number of labels must be a whole number from 1 to 1000000, not ${count}`,
    );
  return Array.from({ length: count }, (_, id) => `LABEL_${id}`);
}
