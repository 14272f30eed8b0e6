import { UsageError } from '@sketchgrad/core';
import { checkConfig } from '../checks/kinds.js';
import type { EncoderConfig } from '../layers/encoder-config.js';
import type { EncoderArchitecture } from './architecture.js';
import { bert } from './bert.js';
import { camembert } from './camembert.js';
import { distilbert } from './distilbert.js';
import { roberta } from './roberta.js';
import { xlmRoberta } from './xlm-roberta.js';

/** The architectures that there are. */
const ALL: readonly EncoderArchitecture[] = [bert, roberta, xlmRoberta, camembert, distilbert];

const BY_NAME: ReadonlyMap<string, EncoderArchitecture> = new Map(
  ALL.map((architecture) => [architecture.name, architecture]),
);

/** The names of the encoders that there are, which are `model_type` in a config.json. */
export const ENCODER_ARCHITECTURES: readonly string[] = [...BY_NAME.keys()];

/** An architecture by its name; undefined where there is none. */
export const findArchitecture = (name: unknown): EncoderArchitecture | undefined =>
  typeof name === 'string' ? BY_NAME.get(name) : undefined;

/** The architecture whose class transformers calls so: `BertForSequenceClassification`. */
export const architectureOfClass = (name: string): EncoderArchitecture | undefined =>
  ALL.find(({ className }) => new RegExp(`^${className}[A-Z]`).test(name));

/** @throws UsageError for an architecture that there is not */
export function architectureOf(config: Pick<EncoderConfig, 'architecture'>): EncoderArchitecture {
  const found = findArchitecture(config.architecture);
  if (found) return found;
  throw new UsageError(
    `the configuration's architecture is '${config.architecture}'; ` +
      `accepted: ${ENCODER_ARCHITECTURES.join(', ')}`,
  );
}

/** The longest sequence, in tokens with the special ones, that the position table has rows for. */
export function longestSequence(config: EncoderConfig): number {
  checkConfig(config);
  return config.maxPositions - architectureOf(config).positions.unused(config);
}
