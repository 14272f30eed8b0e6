import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { onlyJson, run, start } from './command.js';
import { temporaryFolder, tinyRun } from './tiny-model.js';

const timeout = 180_000;

/** A run from a model with weights, which an earlier run has left. */
async function fromWeights(
  train?: number,
): Promise<{ readonly model: string; readonly words: string[]; readonly out: string }> {
  const folder = temporaryFolder();
  const model = join(folder, 'begun');
  const words = tinyRun(folder, train);
  expect(await run(...tinyRun(folder), '--out', model)).toMatchObject({ code: 0 });
  const own = words.filter((word) => word !== '--random-weights');
  own[own.indexOf('--model') + 1] = model;
  return { model, words: [...own, '--out', join(folder, 'out')], out: join(folder, 'out') };
}

async function expectRefused(words: readonly string[], ...said: string[]): Promise<void> {
  const { code, stdout, stderr } = await run(...words, '--resume');
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
  for (const text of said) expect(stderr).toContain(text);
}

/** Changes a file while `work` goes on. */
async function changed(file: string, change: (text: Buffer) => Buffer, work: () => Promise<void>) {
  const before = readFileSync(file);
  writeFileSync(file, change(before));
  await work();
  writeFileSync(file, before);
}

/** Moves the last row of `train` to the end of `dev` while `work` goes on. */
async function movedRow(data: string, work: () => Promise<void>) {
  const [train, dev] = ['train', 'dev'].map((split) => join(data, `CoLA/${split}.tsv`));
  const text = readFileSync(train!, 'utf8');
  const border = text.lastIndexOf('\n', text.length - 2) + 1;
  await changed(
    train!,
    () => Buffer.from(text.slice(0, border)),
    () => changed(dev!, (rows) => Buffer.from(text.slice(border) + rows), work),
  );
}

const withSetting = (name: string, value: unknown) => (text: Buffer) =>
  Buffer.from(JSON.stringify({ ...JSON.parse(text.toString()), [name]: value }));

const lastByte = (bytes: Buffer) => {
  const copy = Buffer.from(bytes);
  copy[copy.length - 2]! ^= 1;
  return copy;
};

test('a run is continued only from what it was begun with', { timeout }, async () => {
  const { model, words, out } = await fromWeights(801);
  const running = start([...words, '--save-every', '1']);
  const checkpoints = join(out, 'checkpoints');
  const written = () =>
    existsSync(checkpoints) &&
    readdirSync(checkpoints).some((name) => name.endsWith('.checkpoint'));
  while (!written()) await sleep(2);
  running.child.kill('SIGKILL');
  await running.ended;

  for (const [name, value, said] of [
    ['num_attention_heads', 4, 'model.heads (2 there, 4 here)'],
    ['hidden_dropout_prob', 0.3, 'model.hiddenDropout (0.1 there, 0.3 here)'],
    ['attention_probs_dropout_prob', 0.3, 'model.attentionDropout (0.1 there, 0.3 here)'],
    ['layer_norm_eps', 0.1, 'model.layerNormEpsilon (1e-12 there, 0.1 here)'],
  ] as const)
    await changed(join(model, 'config.json'), withSetting(name, value), () =>
      expectRefused(words, said, 'inputs.config ('),
    );
  await changed(join(model, 'model.safetensors'), lastByte, () =>
    expectRefused(words, 'settings: inputs.weights ("1 file, '),
  );
  await expectRefused([...words, '--random-weights'], '"random" here)', 'inputs.weights (');
  await expectRefused([...words, '--new-head'], 'inputs.head (', '"new" here)');
});

test('a finished run is found again only where its files are the same', { timeout }, async () => {
  const { model, words } = await fromWeights();
  const whole = onlyJson(await run(...words));
  const finished = 'is finished, and was one with other settings: ';
  await changed(join(model, 'model.safetensors'), lastByte, () =>
    expectRefused(words, `${finished}inputs.weights (1 file, `),
  );
  await changed(
    join(model, 'vocab.txt'),
    (text) => Buffer.concat([text, Buffer.from('q\n')]),
    () => expectRefused(words, `${finished}inputs.tokenizer (`),
  );
  expect(onlyJson(await run(...words, '--resume'))).toEqual(whole);
  const data = words[words.indexOf('--data') + 1]!;
  await movedRow(data, () => expectRefused(words, `${finished}inputs.rows (train `, ', dev '));
  appendFileSync(join(data, 'CoLA/train.tsv'), 'x\t1\t\ta b\n');
  await expectRefused(words, `${finished}inputs.rows (`, ' rows, ');
});

test('a finished run is found again only with its choice of estimators', { timeout }, async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'choice.json');
  const layers = [
    ...['0.attention.self.query_key_value', '0.attention.output.dense'],
    ...['0.intermediate.dense', '0.output.dense', '1.attention.self.key_value'],
  ].map((name) => ({ layer: `encoder.layer.${name}`, estimator: 'rmm:count:0.5' }));
  writeFileSync(file, JSON.stringify({ layers }));
  const words = [...tinyRun(folder), '--choice', file, '--out', join(folder, 'out')];
  const whole = onlyJson(await run(...words));
  expect(onlyJson(await run(...words, '--resume'))).toEqual(whole);
  const renamed = join(folder, 'renamed.json');
  cpSync(file, renamed);
  const again = words.map((word) => (word === file ? renamed : word));
  expect(onlyJson(await run(...again, '--resume'))).toEqual(whole);
  writeFileSync(
    file,
    JSON.stringify({ layers: layers.map((each) => ({ ...each, estimator: 'dense' })) }),
  );
  await expectRefused(words, 'is finished, and was one with other settings: inputs.choice (');
});

test('a finished run is found again wherever its files lie and however it is typed', {
  timeout,
}, async () => {
  const { model, words } = await fromWeights();
  const own = [...words, '--estimator', 'rmm:gaussian:0.5', '--keep', 'gelu=3,norm=8'];
  const whole = onlyJson(await run(...own));
  const folder = temporaryFolder();
  const data = words[words.indexOf('--data') + 1]!;
  cpSync(model, join(folder, 'copy'), { recursive: true });
  cpSync(data, join(folder, 'glue'), { recursive: true });
  const again = [...words];
  again[again.indexOf('--model') + 1] = relative(process.cwd(), join(folder, 'copy'));
  again[again.indexOf('--data') + 1] = join(folder, 'glue/CoLA');
  again.push('--keep', 'norm=8,gelu=3', '--max-examples', '9999');
  for (const typed of [
    'rmm:0.5',
    'rmm:rate=0.50',
    'rmm --rate 0.5',
    'rmm --rate 0.5 --sketch gaussian',
  ])
    expect(onlyJson(await run(...again, '--resume', '--estimator', ...typed.split(' ')))).toEqual(
      whole,
    );
  await expectRefused(
    [...again, '--estimator', 'rmm:0.25'],
    'other settings: estimator (rmm:gaussian:0.5 there, rmm:gaussian:0.25 here)',
  );
});
