import type { EncoderArchitecture } from './architecture.js';
import { roberta } from './roberta.js';

/** CamemBERT (arXiv 1911.03894), as transformers' `CamembertForSequenceClassification`. */
export const camembert: EncoderArchitecture = {
  ...roberta,
  name: 'camembert',
  className: 'Camembert',
};
