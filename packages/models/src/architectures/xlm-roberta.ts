import type { EncoderArchitecture } from './architecture.js';
import { roberta } from './roberta.js';

/** XLM-RoBERTa (arXiv 1911.02116), as transformers' `XLMRobertaForSequenceClassification`. */
export const xlmRoberta: EncoderArchitecture = {
  ...roberta,
  name: 'xlm-roberta',
  className: 'XLMRoberta',
};
