import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FloatTensor } from '@sketchgrad/models';
import { openSafetensors, writeSafetensors } from '@sketchgrad/models/node';
import { describe, expect, test } from 'vitest';
import { onlyJson, run } from './command.js';
import { temporaryFolder, tinyRun, writeMnli } from './tiny-model.js';

/** Small checkpoints, with data that they were trained for. */
const fixture = (path: string): string =>
  fileURLToPath(new URL(`fixtures/${path}`, import.meta.url));

const QNLI = fixture('label-order/glue/QNLI');
const OTHER_ORDER = fixture('label-order/model');

/** A run that does not change the model to speak of. */
const AS_IT_IS = [
  ...['--epochs', '1', '--learning-rate', '1e-12', '--max-examples', '8', '--batch-size', '8'],
  ...['--sequence', '16', '--threads', '1', '--json'],
];

async function classifierOf(folder: string): Promise<number[][]> {
  const store = await openSafetensors(join(folder, 'model.safetensors'));
  const weights = [...(await store.readFloat32('classifier.weight'))];
  const [classes, width] = store.info('classifier.weight').shape as [number, number];
  await store.close();
  return Array.from({ length: classes }, (_, row) => weights.slice(row * width, (row + 1) * width));
}

const labelsOf = (folder: string): object =>
  JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')).id2label;

const warningsOf = (stderr: string): string[] =>
  stderr.split('\n').filter((line) => line.startsWith('warning: '));

describe.concurrent("a checkpoint's classes", () => {
  /** QNLI's pairs as another task's files have them. */
  function dataOf(folder: string): string {
    const data = temporaryFolder();
    mkdirSync(join(data, folder));
    for (const name of ['train.tsv', 'dev.tsv']) {
      const rows = readFileSync(join(QNLI, name), 'utf8');
      const columns = folder === 'QNLI' ? ['question', 'sentence'] : ['sentence1', 'sentence2'];
      const header = ['index', ...columns, 'label'].join('\t');
      writeFileSync(join(data, folder, name), rows.replace(/^.*\n/, `${header}\n`));
    }
    return data;
  }

  test.for([
    ['qnli', 'QNLI', ['entailment', 'not_entailment']],
    ['rte', 'RTE', ['entailment', 'not_entailment']],
    ['wnli', 'WNLI', ['not_entailment', 'entailment']],
  ] as const)('are found by name: %s', async ([task, folder, labels]) => {
    const out = join(temporaryFolder(), 'out');
    const ended = await run(
      ...['finetune', '--task', task, '--data', dataOf(folder), '--model', OTHER_ORDER],
      ...[...AS_IT_IS, '--out', out],
    );
    expect(ended).toMatchObject({ code: 0 });
    expect(onlyJson(ended).metrics).toEqual({ accuracy: 1 });
    expect(warningsOf(ended.stderr)).toEqual([]);
    // The rows are saved under the names that they were trained for.
    expect(labelsOf(out)).toEqual({ ...labels });
    const stored = await classifierOf(OTHER_ORDER);
    const saved = await classifierOf(out);
    for (const [row, label] of labels.entries())
      for (const [column, value] of stored[label === 'entailment' ? 1 : 0]!.entries())
        expect(saved[row]![column]).toBeCloseTo(value, 5);
  });

  test('are found by name for the diagnostic set', async () => {
    const folder = temporaryFolder();
    const data = writeMnli(join(folder, 'glue'));
    const words = tinyRun(folder);
    const on = (model: string, out: string, ...others: string[]) =>
      run(
        ...[...words.filter((word) => word !== '--random-weights'), '--task', 'ax'],
        ...['--data', data, '--model', model, '--out', join(folder, out), ...others],
      );
    const model = join(folder, 'model');
    expect(await on(model, 'first', '--random-weights', '--epochs', '1')).toMatchObject({
      code: 0,
    });
    // The same model with its classes in another order.
    const first = join(folder, 'first');
    const other = join(folder, 'other');
    cpSync(first, other, { recursive: true });
    const order = [2, 0, 1];
    const store = await openSafetensors(join(first, 'model.safetensors'));
    const tensors: FloatTensor[] = [];
    for (const name of store.names) {
      const values = await store.readFloat32(name);
      const data = Float32Array.from(values);
      const width = values.length / 3;
      if (name.startsWith('classifier.'))
        for (const [row, from] of order.entries())
          data.set(values.subarray(from * width, (from + 1) * width), row * width);
      tensors.push({ name, shape: store.info(name).shape, data });
    }
    await store.close();
    await writeSafetensors(join(other, 'model.safetensors'), tensors);
    const config = JSON.parse(readFileSync(join(other, 'config.json'), 'utf8'));
    const id2label = { 0: 'CONTRADICTION', 1: 'ENTAILMENT', 2: 'NEUTRAL' };
    writeFileSync(join(other, 'config.json'), JSON.stringify({ ...config, id2label }));

    const kept = ['--learning-rate', '1e-12', '--epochs', '1'];
    const [same, reordered] = await Promise.all([on(first, 'a', ...kept), on(other, 'b', ...kept)]);
    expect(onlyJson(reordered).loss).toEqual(onlyJson(same).loss);
    expect(onlyJson(reordered).metrics).toEqual(onlyJson(same).metrics);
    const predictions = (out: string) => readFileSync(join(folder, out, 'AX.tsv'), 'utf8');
    expect(predictions('b')).toBe(predictions('a'));
    expect(labelsOf(join(folder, 'b'))).toEqual(labelsOf(first));
  });

  test('of other names are taken by position, which is said', async () => {
    const { code, stderr } = await run(
      ...['finetune', '--task', 'cola', '--data', fixture('heads/glue'), '--model', OTHER_ORDER],
      ...AS_IT_IS,
    );
    expect(code, stderr).toBe(0);
    expect(warningsOf(stderr)).toEqual([
      expect.stringMatching(
        /config\.json: its classes are not_entailment, entailment, not unacceptable, acceptable; they are taken by position.*--new-head/,
      ),
    ]);
  });

  test.for(['finetune', 'variance', 'compare'])(
    'of another number are refused by %s, naming what draws a new head',
    async (command) => {
      const data = writeMnli(join(temporaryFolder(), 'glue'));
      const words = [command, '--task', 'mnli', '--data', data, '--model', OTHER_ORDER];
      const small = command === 'compare' ? [] : ['--max-examples', '8'];
      const sizes = ['--batch-size', '4', '--sequence', '16', '--threads', '1', ...small];
      const ended = await run(...words, ...sizes);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toMatch(
        /error: .*2 classes \(not_entailment, entailment\), and 3 are asked for \(entailment, neutral, contradiction\); .*--new-head/,
      );
      const steps = { finetune: ['--epochs', '1'], variance: ['--steps', '1'] }[command];
      const some = steps ?? ['--ways', 'dense', '--steps', '1', '--noise-batches', '1'];
      const drawn = await run(...words, ...sizes, '--new-head', ...some);
      expect(drawn.code, drawn.stderr).toBe(0);
      expect(warningsOf(drawn.stderr)).toEqual([
        expect.stringMatching(/classifier: drawn at random though .*for a new head is asked for/),
      ]);
    },
  );
});

describe.concurrent("a checkpoint's head", () => {
  const onCola = (model: string, ...others: string[]) =>
    run(
      ...['finetune', '--task', 'cola', '--data', fixture('heads/glue')],
      ...['--model', fixture(`heads/${model}`), ...AS_IT_IS, ...others],
    );
  const notes = (model: string) => [
    `warning: ${fixture(`heads/${model}`)}/model.safetensors has no classifier: drawn at random`,
    `warning: ${fixture(`heads/${model}`)}/model.safetensors has 2 tensors that nothing uses: ` +
      'module.classifier.bias and module.classifier.weight',
  ];

  test('is read without a word where all of the file is used, gelu_python being GELU', async () => {
    const [plain, old] = [await onCola('plain'), await onCola('gelu-python')];
    for (const ended of [plain, old]) {
      expect(ended.code, ended.stderr).toBe(0);
      expect(warningsOf(ended.stderr)).toEqual([]);
    }
    const [{ loss, metrics }, same] = [onlyJson(plain), onlyJson(old)];
    expect([same.loss, same.metrics]).toEqual([loss, metrics]);
  });

  test('is said to be drawn, and its tensors unused, where they have a prefix alone', async () => {
    const ended = await onCola('classifier-under-module-prefix');
    expect(ended.code, ended.stderr).toBe(0);
    expect(warningsOf(ended.stderr)).toEqual(notes('classifier-under-module-prefix'));
  });

  test('is said to be drawn when steps are timed, too', async () => {
    const model = fixture('heads/classifier-under-module-prefix');
    const { code, stderr } = await run(
      ...['step', '--model', model, '--batch-size', '2', '--sequence', '8', '--steps', '1'],
    );
    expect(code, stderr).toBe(0);
    expect(warningsOf(stderr)).toEqual(notes('classifier-under-module-prefix'));
  });
});
