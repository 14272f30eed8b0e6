import { join } from 'node:path';
import { UsageError } from '@sketchgrad/core';
import { BUILT_IN_CONFIGS } from '../checkpoint-config/built-in.js';
import { Fields } from '../checkpoint-config/fields.js';
import { formatConfig } from '../checkpoint-config/write.js';
import type { ModelSource } from '../classifier/model-source.js';
import { openCheckpoint } from './checkpoint.js';
import { embeddedMiniLm } from './embedded-mini-lm.js';
import { kindOfPath, tokenizerAt } from './model-folder.js';
import { readFields } from './read-config.js';

interface FoundModel {
  readonly source: ModelSource;
  /** A checkpoint, as `openCheckpoint` takes it; none where weights are drawn. */
  readonly weights?: string;
  /** Its config.json; none for a configuration that is built in. */
  readonly config?: string;
  readonly readConfigFields: () => Promise<Fields>;
}

/**
 * Where a model's parts are.
 * @throws UsageError for what is neither a model's name nor a folder
 */
export async function findModel(name: string, randomWeights: boolean): Promise<FoundModel> {
  if (name === 'minilm') {
    const { weights, tokenizer, config } = await embeddedMiniLm();
    return {
      ...filesAt(name, tokenizer, randomWeights ? undefined : weights),
      config,
      readConfigFields: () => readFields(config),
    };
  }
  if (name === 'bert-base' || name === 'roberta-base') {
    if (!randomWeights)
      throw new UsageError(
        `the weights of '${name}' are not installed with this package; pass a folder that holds ` +
          'its config.json, model.safetensors and tokenizer, or, where no text is read, ask for random weights (randomWeights: true, --random-weights)',
      );
    return {
      source: { name },
      readConfigFields: async () => new Fields(name, formatConfig(BUILT_IN_CONFIGS[name])),
    };
  }
  if ((await kindOfPath(name)) !== 'folder')
    throw new UsageError(
      `there is no model or folder '${name}'; accepted: ${Object.keys(BUILT_IN_CONFIGS).join(', ')}, ` +
        'or a folder with config.json and model.safetensors',
    );
  return {
    ...filesAt(name, name, randomWeights ? undefined : name),
    config: join(name, 'config.json'),
    readConfigFields: () => readFields(name),
  };
}

const filesAt = (
  name: string,
  tokenizer: string,
  weights: string | undefined,
): Pick<FoundModel, 'source' | 'weights'> => ({
  source: {
    name,
    tokenizer: tokenizerAt(tokenizer),
    ...(weights !== undefined && { weights: () => openCheckpoint(weights) }),
  },
  ...(weights !== undefined && { weights }),
});
