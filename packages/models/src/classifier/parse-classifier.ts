import { checkMembers, describeValue, UsageError } from '@sketchgrad/core';
import { parseFields } from '../checkpoint-config/parse.js';
import { type Bytes, byteSource } from '../safetensors/byte-source.js';
import { joinedStores } from '../safetensors/joined.js';
import { readSafetensors, type TensorStore } from '../safetensors/read.js';
import { checkLoadOptions, classifierOf, type LoadOptions } from './classifier-of.js';
import type { EncoderClassifier } from './encoder-classifier.js';
import { TOKENIZER_FILES } from './model-source.js';

/** The contents of a model's files, wherever they come from. */
export interface ClassifierFiles {
  /** A Hugging Face config.json, as its text or its bytes. */
  readonly config: string | Uint8Array;
  /**
   * A safetensors file, or the several of a checkpoint in parts: bytes, a Blob, or a source of which
   * parts are read as they are needed. Left out for random weights.
   */
  readonly weights?: Bytes | readonly Bytes[];
  /** The files of the tokenizer by their names, which a saved model has too. */
  readonly tokenizer?: Readonly<Record<string, string | Uint8Array>>;
  /** What to call the model in messages. Default 'the files given'. */
  readonly name?: string;
}

/**
 * A model to be fine-tuned of the contents of its files: its configuration now, its weights when training
 * starts, so that a source of theirs has to last. What its tensors may be called, and what it says of
 * classes, is as for `loadClassifier` of `@sketchgrad/models/node`.
 *
 * @throws UsageError for what are no contents, no weights where random ones are not asked for, and labels
 * that are empty or repeated; DataError for files that are not valid, whose tensors are not the model's,
 * naming the first, or whose classifier is for another number of classes than is asked for, or says yes
 * or no to each of them
 */
export async function parseClassifier(
  files: ClassifierFiles,
  options: LoadOptions = {},
): Promise<EncoderClassifier> {
  checkMembers('files', files, {
    accepted: "the contents of a model's files, { config, weights, tokenizer }",
    members: {},
  });
  checkLoadOptions('parseClassifier', options);
  const { config, weights, tokenizer, name = 'the files given' } = files;
  const fields = parseFields('config.json', bytesOf('config', config));
  const { randomWeights = false } = options;
  if (weights === undefined && !randomWeights)
    throw new UsageError(
      'there are no weights among the files; give the bytes of model.safetensors, or ask for random weights ' +
        '(randomWeights: true)',
    );
  return classifierOf(
    fields,
    {
      name,
      ...(tokenizer && { tokenizer: tokenizerOf(tokenizer) }),
      ...(weights !== undefined && !randomWeights && { weights: () => openAll(weights) }),
    },
    options,
  );
}

async function openAll(weights: Bytes | readonly Bytes[]): Promise<TensorStore> {
  if (!Array.isArray(weights)) {
    const source = byteSource('weights', weights as Bytes, 'model.safetensors');
    return readSafetensors(source);
  }
  const stores = new Map<string, TensorStore>();
  for (const [place, part] of (weights as readonly Bytes[]).entries()) {
    const name = `weights[${place}]`;
    stores.set(name, await readSafetensors(byteSource(name, part, name)));
  }
  return joinedStores('weights', stores, { file: 'weights', fileOf: new Map() });
}

function tokenizerOf(tokenizer: Readonly<Record<string, string | Uint8Array>>) {
  checkMembers('tokenizer', tokenizer, {
    accepted: "the contents of a tokenizer's files, { 'tokenizer.json': … }",
    members: {},
  });
  const files = Object.fromEntries(
    Object.entries(tokenizer).map(([name, content]) => {
      if (TOKENIZER_FILES.includes(name)) return [name, bytesOf(name, content)];
      throw new UsageError(
        `'${name}' is no file of a tokenizer; accepted: ${TOKENIZER_FILES.join(', ')}`,
      );
    }),
  );
  return { files: async () => files };
}

function bytesOf(name: string, content: string | Uint8Array): Uint8Array {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  if (content instanceof Uint8Array) return content;
  throw new UsageError(`${name} must be text or bytes, but it is ${describeValue(content)}`);
}
