import { DataError } from '@sketchgrad/core';
import { shown } from './shown.js';
import type { Piece, Template } from './template.js';
import { nameIn, type TokenizerClass } from './tokenizer-class.js';
import { setting, type TokenizerFiles } from './tokenizer-files.js';

const TYPES = 'token_type_ids';

// Whose `model_input_names` have token types in transformers 5, beside those that are BertTokenizer.
const withTypes = ['CanineTokenizer', 'DebertaTokenizer', 'DebertaV2Tokenizer', 'FNetTokenizer'];

/**
 * A template without token types where transformers hands a model none, which then sees zeros: where
 * `model_input_names` of tokenizer_config.json does not have them, or where nothing is said and they are
 * not among the tokenizer's own, as for DistilBertTokenizer and PreTrainedTokenizerFast.
 *
 * @throws DataError for `model_input_names` that are no names
 */
export function withoutUnusedTypes(
  template: Template,
  files: TokenizerFiles,
  kind: TokenizerClass,
): Template {
  if (usesTypes(files, kind)) return template;
  const untyped = (piece: Piece): Piece => ({ ...piece, typeId: 0 });
  return { single: template.single.map(untyped), pair: template.pair.map(untyped) };
}

function usesTypes(files: TokenizerFiles, kind: TokenizerClass): boolean {
  const names = setting(files, 'model_input_names') ?? undefined;
  if (names !== undefined) {
    if (Array.isArray(names) && names.every((name) => typeof name === 'string'))
      return names.includes(TYPES);
    throw new DataError(
      files.config!.file,
      `model_input_names is ${shown(names)}: expected a list of names, as ["input_ids", "${TYPES}"]`,
    );
  }
  // A tokenizer.json that is all there is counts as it is.
  if (files.source === files.whole?.file) return true;
  const own = (nameIn(files.config) ?? nameIn(files.model))?.name.replace(/Fast$/, '');
  if (kind === 'bert') return own !== 'DistilBertTokenizer';
  return own !== undefined && withTypes.includes(own);
}
