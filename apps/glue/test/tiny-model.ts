import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const LETTERS = [...'abcdefghijk'];

// Tests run side by side, so that a folder goes when the file's last one has ended.
const root = mkdtempSync(join(tmpdir(), 'sketchgrad-glue-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** An empty folder that is removed at the end. */
export const temporaryFolder = (): string => mkdtempSync(join(root, 'test-'));

/** A BERT of one layer, 8 wide, whose words are letters: its config.json. */
export const tinyConfig = {
  model_type: 'bert',
  architectures: ['BertForSequenceClassification'],
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 16,
  vocab_size: 5 + LETTERS.length,
  max_position_embeddings: 32,
  type_vocab_size: 2,
  hidden_act: 'gelu',
  pad_token_id: 0,
};

export const tinyVocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...LETTERS];

/** Writes a tiny model without weights. */
export function writeTinyModel(
  folder: string,
  { config = tinyConfig as object, vocabulary = tinyVocabulary } = {},
): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'vocab.txt'), `${vocabulary.join('\n')}\n`);
  return folder;
}

/** A sentence of 2 to 8 letters; which half of the alphabet they are from is its class. */
function sentence(index: number): { readonly text: string; readonly label: number } {
  const label = ((index * 7) >> 2) % 2;
  const letters = Array.from({ length: 2 + ((index * 5) % 7) }, (_, place) => {
    const letter = (index * 3 + place * 11 + index * place) % 5;
    return LETTERS[label === 0 ? letter : 6 + letter]!;
  });
  return { text: letters.join(' '), label };
}

const tsv = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${row.join('\t')}\n`).join('');

/** Writes CoLA's train and dev files with sentences of letters. */
function writeCola(
  root: string,
  { train, dev = 10 }: { readonly train: number; readonly dev?: number },
): string {
  const folder = join(root, 'CoLA');
  mkdirSync(folder, { recursive: true });
  const rows = (count: number, from: number) =>
    Array.from({ length: count }, (_, i) => {
      const { text, label } = sentence(from + i);
      return ['x', label, '', text];
    });
  writeFileSync(join(folder, 'train.tsv'), tsv(rows(train, 0)));
  writeFileSync(join(folder, 'dev.tsv'), tsv(rows(dev, train)));
  return root;
}

const INFERENCE = ['entailment', 'neutral', 'contradiction'];

/** Writes MNLI and the diagnostic set, whose labels are there only where asked for. */
export function writeMnli(root: string, { diagnosticLabels = false } = {}): string {
  const pair = (index: number) => [sentence(index).text, sentence(index + 1).text];
  const labelOf = (index: number) => INFERENCE[index % 3]!;
  const columns = ['index', 'sentence1', 'sentence2', 'gold_label'];
  const rows = (count: number, from: number) =>
    Array.from({ length: count }, (_, i) => [i, ...pair(from + i), labelOf(from + i)]);
  mkdirSync(join(root, 'MNLI'), { recursive: true });
  mkdirSync(join(root, 'AX'), { recursive: true });
  for (const [name, count, from] of [
    ['train.tsv', 20, 0],
    ['dev_matched.tsv', 6, 20],
    ['dev_mismatched.tsv', 6, 26],
  ] as const)
    writeFileSync(join(root, 'MNLI', name), tsv([columns, ...rows(count, from)]));
  const diagnostic = Array.from({ length: 4 }, (_, i) => [
    i,
    ...pair(32 + i),
    ...(diagnosticLabels ? [labelOf(i)] : []),
  ]);
  const header = ['index', 'sentence1', 'sentence2', ...(diagnosticLabels ? ['label'] : [])];
  writeFileSync(join(root, 'AX', 'diagnostic.tsv'), tsv([header, ...diagnostic]));
  return root;
}

/**
 * Options of a run of two epochs on tiny data, in batches of 8, on the reference backend.
 *
 * @param train how many examples there are to train on
 */
export function tinyRun(folder: string, train = 41): string[] {
  const model = writeTinyModel(join(folder, 'model'));
  const data = writeCola(join(folder, 'data'), { train });
  return [
    ...['finetune', '--task', 'cola', '--data', data, '--model', model, '--random-weights'],
    ...['--backend', 'reference', '--sequence', '16', '--batch-size', '8', '--epochs', '2'],
    ...['--learning-rate', '0.01', '--json'],
  ];
}
