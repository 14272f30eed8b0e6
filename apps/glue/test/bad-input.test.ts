import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Ended, run, start } from './command.js';
import {
  temporaryFolder,
  tinyConfig,
  tinyRun,
  tinyVocabulary,
  writeTinyModel,
} from './tiny-model.js';

/** Every failure: a message without a stack on standard error, nothing on standard output. */
function expectFailure(ended: Ended, code: number, ...parts: readonly (string | RegExp)[]): void {
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toMatch(/^error: /m);
  expect(ended.stderr).not.toMatch(/^\s+at /m);
  for (const part of parts) expect(ended.stderr).toMatch(part);
}

describe.concurrent('what was typed', () => {
  test.for<[string, readonly (string | RegExp)[]]>([
    ['finetun', ["unknown command 'finetun'", 'finetune']],
    ['finetun --help', ["unknown command 'finetun'", 'Did you mean finetune?']],
    ['plan --bach-size 3', ["unknown option '--bach-size'", '--batch-size']],
    ['plan here', ['too many arguments']],
    ['finetune --task foo', ["'--task <name>'", "'foo'", 'wordnet', 'cola', 'wnli']],
    ['finetune --task cola', ['cola needs --data', 'CoLA']],
    ['finetune --task ax --data x', ['ax needs --out']],
    ['finetune --data my.csv', ['--data has no use with the task wordnet', 'add --task', 'cola']],
    ['finetune --download', ['--download has no use with the task wordnet']],
    ['variance --task wordnet --data x', ['--data has no use with the task wordnet']],
    ['compare --data x', ['--data has no use with the task wordnet']],
    [
      'compare --noise-batches 0 --task cola --data x',
      ['--task has no use with --noise-batches 0'],
    ],
    ['finetune --save-every 3', ['--save-every has no use without --out']],
    ['finetune --budget-of kept', ['--budget-of has no use without --memory-budget']],
    ['finetune --candidates dense', ['--candidates has no use without --memory-budget']],
    ['memory --tasks cola', ["--tasks has no use without --data: GLUE's folder"]],
    ['finetune --out /dev/null/out', ['/dev/null/out cannot be written to', 'not a directory']],
    ['plan --model foo', ["no model or folder 'foo'", 'minilm', 'bert-base', 'roberta-base']],
    ['step --model bert-base', ["weights of 'bert-base'", '--random-weights']],
    ['finetune --model bert-base --random-weights', ['without a tokenizer']],
    ['plan --backend foo', ["no backend 'foo'", 'cpu']],
    ['plan --backend tfjs', ["tfjs backend's platform must be one of node-gpu, node, "]],
    ['plan --backend tfjs:wasm --threads 2', ["no option 'threads'"]],
    ['plan --estimator foo', ["'foo'", 'dense, rmm']],
    ['variance --task cola', ['cola needs --data']],
    ['plan --estimator rnm', ["'rnm'", "did you mean 'rmm'?"]],
    ['plan --estimator rmm:cuont', ["'cuont'", "did you mean 'count'?"]],
    ['plan --estimator rmm:0.1:0.2', ["no '0.2'", 'a rate']],
    ['plan --estimator dense:0.1', ["no '0.1'", 'no settings']],
    ['plan --estimator rmm:block-row=3', ["no 'block-row=3'", "did you mean 'block-rows'?"]],
    ['plan --estimator rmm:count:replacement', ['the sketch count draws no rows', 'dct']],
    ['plan --estimator rmm:block-rows=0', ["'0'", 'at least 1']],
    ['plan --estimator rmm,dense', ["'rmm,dense'", 'one estimator', 'such as step, take several']],
    ['finetune --estimator rmm:count:0.1,dense', ['one estimator', 'such as step, take several']],
    ['variance --trained rmm,dense', ['one estimator']],
    ['compare --ways rmm,dense', ["'rmm,dense' is not one way", "'dense; rmm'"]],
    ['plan --block-rows 1.5', ["'1.5'", 'whole number']],
    ['plan --rows-by norms', ["'norms'", "did you mean 'norm'?"]],
    ['plan --estimator rows:optimal --priorities guess', ["'guess'", 'example, position']],
    ['step --estimator dense,foo', ["'foo'", 'dense, rmm']],
    ['step --estimator rmm:0.2,dense,rmm:rate=0.2', ["'rmm:0.2' comes twice"]],
    ...['600', '-1MB', '1.5XB', 'much'].map((bytes): [string, string[]] => [
      `finetune --memory-budget=${bytes}`,
      [`'${bytes}' is no size in bytes`, 'such as 600MB or 1.5GiB'],
    ]),
    ['finetune --memory-budget 1GB --noise-budget 1', ['--noise-budget', 'cannot be used with']],
    ['finetune --memory-budget 1GB --estimator rmm', ['--estimator', 'cannot be used with']],
    ['finetune --noise-budget -1', ["'-1'", 'above 0']],
    ['finetune --memory-budget 1GB --candidates rmm,foo', ["'foo'", 'dense, rmm']],
    ['plan --keep gelu=5', ['gelu keeps 1, 2, 3, 4 bits, not 5']],
    ['plan --keep geul=3', ["'geul'", "did you mean 'gelu'?"]],
    ['plan --keep gelu', ["'gelu' is not like gelu=3"]],
    ['plan --keep norm=8,norm=4', ["'norm' comes twice"]],
    ['plan --sketch foo', ["'foo'", 'gaussian, rademacher', 'hadamard']],
    ['plan --recompute foo', ["'foo'", 'none, cheap', 'block']],
    ...['NaN', '0', '-0.5', '1.5', 'x', ''].map((rate): [string, string[]] => [
      `plan --estimator rmm --rate=${rate}`,
      [`'--rate <share>' argument '${rate}'`, 'above 0 and at most 1'],
    ]),
    [
      'plan --estimator rmm --rate 0.0001',
      ['0.0001', 'less than one row of every batch', '2048', 'at least 0.00048828125'],
    ],
    ['plan --sequence 513', ['513', 'at most 512']],
    ['finetune --sequence 513', ['--sequence 513', 'at most 512']],
    ['plan --batch-size 0', ["'0'", 'at least 1']],
    ['plan --batch-size 2.5', ["'2.5'", 'whole number']],
    ['plan --threads 0', ["'0'", '1 to 1024']],
    ['plan --seed 4294967296', ["'4294967296'", '0 to 4294967295']],
    ['finetune --learning-rate -1', ["'-1'", 'above 0']],
    ['finetune --resume', ['--resume needs --out']],
  ])('%s', async ([words, parts]) => {
    expectFailure(await run(...words.split(' ')), 2, ...parts);
  });

  test('a command is needed', async () => {
    const { code, stdout, stderr } = await run();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: sketchgrad-glue');
  });

  test('a backend that is not installed', async () => {
    const ended = await run('plan', '--backend', '@sketchgrad/backend-none');
    expectFailure(ended, 1, 'npm install @sketchgrad/backend-none');
  });

  test('a stack is shown to those who ask', async () => {
    const { ended } = start(['plan', '--model', 'foo'], { DEBUG: '1' });
    expect((await ended).stderr).toMatch(/UsageError: there is no model.*\n\s+at /);
  });
});

describe.concurrent("a model's files", () => {
  let saved: string;

  beforeAll(async () => {
    const folder = temporaryFolder();
    saved = join(folder, 'saved');
    const { code, stderr } = await run(...tinyRun(folder), '--epochs', '1', '--out', saved);
    expect(code, stderr).toBe(0);
  });

  /** Trains on a changed copy of a saved model. */
  async function trainOn(change: (folder: string) => void): Promise<{ ended: Ended; out: string }> {
    const folder = temporaryFolder();
    const model = join(folder, 'changed');
    cpSync(saved, model, { recursive: true });
    rmSync(join(model, 'run.json'));
    change(model);
    const words = tinyRun(folder).filter((word) => word !== '--random-weights');
    const out = join(folder, 'out');
    const ended = await run(...words, '--model', model, '--out', out);
    // Nothing half-written.
    expect(existsSync(out)).toBe(false);
    return { ended, out };
  }

  const weights = 'model.safetensors';
  const replaceInWeights = (folder: string, from: string, to: string) => {
    const file = join(folder, weights);
    const bytes = readFileSync(file);
    const at = bytes.indexOf(from);
    expect(at).toBeGreaterThan(0);
    bytes.write(to, at);
    writeFileSync(file, bytes);
  };
  const writeConfig = (folder: string, change: object) =>
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...tinyConfig, ...change }));

  test.for<[string, (folder: string) => void, readonly (string | RegExp)[]]>([
    ['no weights', (folder) => rmSync(join(folder, weights)), [/model\.safetensors/]],
    [
      'truncated weights',
      (folder) => truncateSync(join(folder, weights), 3000),
      [weights, 'truncated'],
    ],
    ['weights that are none', (folder) => writeFileSync(join(folder, weights), 'no'), [weights]],
    [
      'a tensor of another shape',
      (folder) => writeConfig(folder, { intermediate_size: 32 }),
      [weights, 'bert.encoder.layer.0.intermediate.dense.weight', '16', '32'],
    ],
    [
      'a missing tensor',
      (folder) =>
        replaceInWeights(
          folder,
          'bert.encoder.layer.0.output.dense.bias',
          'bert.encoder.layer.0.output.dense.bios',
        ),
      [weights, 'bert.encoder.layer.0.output.dense.bias'],
    ],
    ['no config.json', (folder) => rmSync(join(folder, 'config.json')), ['config.json']],
    [
      'a broken config.json',
      (folder) => writeFileSync(join(folder, 'config.json'), '{'),
      ['config.json', 'JSON'],
    ],
    [
      'another architecture',
      (folder) => writeConfig(folder, { model_type: 'gpt2' }),
      ['model_type', 'gpt2', 'bert'],
    ],
    [
      'no tokenizer',
      (folder) => rmSync(join(folder, 'vocab.txt')),
      ['tokenizer.json', 'vocab.txt'],
    ],
    [
      'a tokenizer without the padding token',
      (folder) => writeTinyModel(folder, { vocabulary: tinyVocabulary.slice(1) }),
      ['vocab.txt', 'no padding token', '[PAD]'],
    ],
    [
      'a tokenizer with more tokens than the model',
      (folder) => writeTinyModel(folder, { vocabulary: [...tinyVocabulary, 'l'] }),
      ['17 tokens', 'only 16'],
    ],
    [
      'a token with an index that the model does not have',
      (folder) => writeFileSync(join(folder, 'added_tokens.json'), '{"[X]": 50000000}'),
      ['added_tokens.json', "'[X]' has index 50000000", 'only 16 tokens'],
    ],
  ])('%s', async ([, change, parts]) => {
    const { ended } = await trainOn(change);
    expectFailure(ended, 2, ...parts);
  });
});

describe.concurrent("a task's files", () => {
  async function trainOn(change: (cola: string) => void): Promise<Ended> {
    const folder = temporaryFolder();
    const words = tinyRun(folder);
    change(join(folder, 'data', 'CoLA'));
    return run(...words);
  }
  const change = (file: string, line: number, to: string) => (cola: string) => {
    const lines = readFileSync(join(cola, file), 'utf8').split('\n');
    lines[line - 1] = to;
    writeFileSync(join(cola, file), lines.join('\n'));
  };

  test.for<[string, (cola: string) => void, readonly (string | RegExp)[]]>([
    ['no folder', (cola) => rmSync(cola, { recursive: true }), ['CoLA']],
    ['no file', (cola) => rmSync(join(cola, 'dev.tsv')), ['dev.tsv']],
    ['an empty file', (cola) => writeFileSync(join(cola, 'train.tsv'), ''), ['train.tsv', 'empty']],
    ['a missing column', change('train.tsv', 7, 'x\t1\ta b c'), ['train.tsv:7', '3 fields', '4']],
    [
      'an unknown label',
      change('dev.tsv', 3, 'x\tmaybe\t\ta b'),
      ['dev.tsv:3', 'maybe', 'acceptable'],
    ],
  ])('%s', async ([, spoil, parts]) => {
    expectFailure(await trainOn(spoil), 2, ...parts);
  });
});

describe.concurrent('a run', () => {
  test('leaves alone a folder that holds a model', async () => {
    const folder = temporaryFolder();
    const words = tinyRun(folder);
    const model = join(folder, 'model');
    expectFailure(await run(...words, '--out', model), 2, `${model} has config.json already`);
  });

  test('needs a folder that can be made', async () => {
    const folder = temporaryFolder();
    const words = tinyRun(folder);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expectFailure(await run(...words, '--out', join(file, 'out')), 2, join(file, 'out'));
  });

  test('ends with a clear error when the loss is no number any more', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    const ended = await run(...tinyRun(folder), '--learning-rate', '1e30', '--out', out);
    expectFailure(ended, 1, /NaN|Infinity|not finite/, 'learning rate', join(out, 'checkpoints'));
    expect(existsSync(join(out, 'model.safetensors'))).toBe(false);
  });
});

test('a plan over the limit says what it needs and what would fit', async () => {
  const words = ['step', '--model', 'bert-base', '--random-weights', '--sequence', '512'];
  const ended = await run(...words, '--batch-size', '256', '--steps', '1');
  expectFailure(ended, 1, /needs \d.* GiB/, /4\.00 GiB|3\.\d+ GiB/, /--batch-size \d+ fits/);
  const [, largest] = /--batch-size (\d+) fits/.exec(ended.stderr)!;
  const bytes = async (batchSize: number) => {
    const { stdout } = await run(
      ...['plan', '--model', 'bert-base', '--sequence', '512', '--json'],
      ...['--batch-size', String(batchSize)],
    );
    // What waits in the host's memory is not the arena's.
    const { peakBytes, hostBytes } = JSON.parse(stdout);
    return (peakBytes as number) - (hostBytes as number);
  };
  expect(await bytes(Number(largest))).toBeLessThanOrEqual(2 ** 32);
  expect(await bytes(Number(largest) + 1)).toBeGreaterThan(2 ** 32 - 2 ** 28);
});

test('a folder in the place of a file of tokens is not taken for one', async () => {
  const folder = temporaryFolder();
  const words = tinyRun(folder);
  rmSync(join(folder, 'model', 'vocab.txt'));
  mkdirSync(join(folder, 'model', 'vocab.txt'));
  expectFailure(await run(...words), 2, 'vocab.txt');
});
