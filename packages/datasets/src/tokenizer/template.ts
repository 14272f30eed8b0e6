import { DataError } from '@sketchgrad/core';

/** A place in an encoded sequence: a special token, or all tokens of one of the two sentences. */
export type Piece =
  | { readonly kind: 'special'; readonly id: number; readonly typeId: number }
  | { readonly kind: 'sentence'; readonly which: 'first' | 'second'; readonly typeId: number };

/** Where special tokens and token types go around one sentence, and around a pair. */
export interface Template {
  readonly single: readonly Piece[];
  readonly pair: readonly Piece[];
}

interface TemplateItem {
  readonly SpecialToken?: { readonly id: string; readonly type_id?: number };
  readonly Sequence?: { readonly id: string; readonly type_id?: number };
}

/** A tokenizer.json's `post_processor`, as far as it is read here. */
export interface PostProcessor {
  readonly type: string;
  readonly cls?: readonly [string, number];
  readonly sep?: readonly [string, number];
  readonly single?: readonly TemplateItem[];
  readonly pair?: readonly TemplateItem[];
  readonly special_tokens?: Readonly<Record<string, { readonly ids: readonly number[] }>>;
  readonly processors?: readonly PostProcessor[];
}

const first = (typeId: number): Piece => ({ kind: 'sentence', which: 'first', typeId });
const second = (typeId: number): Piece => ({ kind: 'sentence', which: 'second', typeId });
const special = (id: number, typeId: number): Piece => ({ kind: 'special', id, typeId });

const bare: Template = { single: [first(0)], pair: [first(0), second(1)] };

/**
 * Reads the special tokens' places from a tokenizer.json's post-processor: BERT's `[CLS] A [SEP] B
 * [SEP]` with types 0 and 1, RoBERTa's `<s> A </s></s> B </s>` with type 0 throughout, or a template
 * that the file spells out.
 *
 * @param file named in errors
 * @throws DataError on a post-processor of an unknown type or with parts missing
 */
export function readTemplate(processor: PostProcessor | null | undefined, file: string): Template {
  if (processor === null || processor === undefined) return bare;
  switch (processor.type) {
    case 'ByteLevel':
      return bare;
    case 'BertProcessing': {
      const [start, end] = startAndEnd(processor, file);
      const single = [special(start, 0), first(0), special(end, 0)];
      return { single, pair: [...single, second(1), special(end, 1)] };
    }
    case 'RobertaProcessing': {
      const [start, end] = startAndEnd(processor, file);
      const single = [special(start, 0), first(0), special(end, 0)];
      return { single, pair: [...single, special(end, 0), second(0), special(end, 0)] };
    }
    case 'TemplateProcessing':
      return {
        single: spelledOut(processor.single, processor, file),
        pair: spelledOut(processor.pair, processor, file),
      };
    case 'Sequence': {
      const templates = (processor.processors ?? []).map((inner) => readTemplate(inner, file));
      return templates.find((template) => template !== bare) ?? bare;
    }
    default:
      throw new DataError(
        file,
        `post_processor is of type '${processor.type}': expected BertProcessing, RobertaProcessing, TemplateProcessing, ByteLevel or a Sequence of them`,
      );
  }
}

function startAndEnd({ type, cls, sep }: PostProcessor, file: string): [number, number] {
  if (cls === undefined || sep === undefined) {
    throw new DataError(file, `post_processor ${type} has no 'cls' or no 'sep'`);
  }
  return [cls[1], sep[1]];
}

function spelledOut(
  items: readonly TemplateItem[] | undefined,
  { special_tokens: specialTokens = {} }: PostProcessor,
  file: string,
): Piece[] {
  if (items === undefined) {
    throw new DataError(file, "post_processor TemplateProcessing has no 'single' or no 'pair'");
  }
  return items.flatMap((item) => {
    if (item.Sequence !== undefined) {
      const typeId = item.Sequence.type_id ?? 0;
      return item.Sequence.id === 'A' ? [first(typeId)] : [second(typeId)];
    }
    const name = item.SpecialToken?.id ?? '';
    const ids = specialTokens[name]?.ids;
    if (ids === undefined) {
      throw new DataError(
        file,
        `post_processor uses the special token '${name}', which its special_tokens does not list`,
      );
    }
    return ids.map((id) => special(id, item.SpecialToken?.type_id ?? 0));
  });
}
