import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WordNetSplit, wordNetTask } from '../src/index.js';
import { readWordNet } from '../src/node/index.js';

const licence = '  1 This software and database is being provided to you.  \n';
const pointers = '01 word 0 000';
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wordnet-'));
  await writeDictionary({
    'data.noun': `00001740 03 n ${pointers} | that which is; "it is"; "they are"  \n00001930 05 n ${pointers} | a beast called "cow"  \n`,
    'data.verb': `00001740 29 v ${pointers} 01 + 02 00 | draw air; then let it out  \n`,
    'data.adj': `00001740 00 s ${pointers} | of wood  \n00002000 44 a ${pointers} | of wood  \n`,
    'data.adv': `00001740 02 r ${pointers} | soon | at once  \n`,
  });
});
afterEach(() => rm(directory, { recursive: true }));

async function writeDictionary(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, lines] of Object.entries(files)) {
    await writeFile(join(directory, name), licence + lines);
  }
}

async function everything(): Promise<string[]> {
  const splits = ['train', 'dev'] as const;
  const rows = await Promise.all(splits.map((split) => readWordNet({ split, directory })));
  return rows.flatMap(({ rows }) => rows.map(({ first, label }) => `${label} ${first}`)).sort();
}

describe('readWordNet', () => {
  it('takes the definition, without examples, and the class of each synset', async () => {
    const rows = await everything();
    expect(rows.filter((row) => !row.endsWith('of wood'))).toEqual([
      '2 soon | at once',
      '29 draw air; then let it out',
      '3 that which is',
      '5 a beast called "cow"',
    ]);
    // Two synsets, one text: only one of them stays.
    expect(rows.filter((row) => row.endsWith('of wood'))).toHaveLength(1);
  });

  it('names the file and line of what is not a synset', async () => {
    const fails = () => expect(readWordNet({ split: 'train', directory })).rejects;
    await writeDictionary({ 'data.verb': `00001740 29 v ${pointers} no gloss\n` });
    await fails().toThrow(
      /data\.verb:2: '00001740 29 v 01 word 0 000 no gloss': expected an offset/,
    );
    await writeDictionary({ 'data.verb': `00001740 45 v ${pointers} | a gloss\n` });
    await fails().toThrow(/data\.verb:2: lexicographer file 45: expected 0 to 44/);
    await writeDictionary({ 'data.verb': '' });
    await fails().toThrow(/data\.verb: holds no synsets/);
    await rm(join(directory, 'data.verb'));
    await fails().toThrow(/data\.verb: cannot be read/);
    await fails().toBeInstanceOf(DataError);
  });

  it('refuses an unknown split and a senseless number of examples', async () => {
    const test = 'test' as WordNetSplit;
    await expect(readWordNet({ split: test })).rejects.toThrow(/no split 'test': .* train, dev/);
    for (const maxExamples of [0, -5, 1.5, Number.NaN]) {
      await expect(readWordNet({ split: 'dev', maxExamples })).rejects.toBeInstanceOf(UsageError);
    }
  });
});

describe('the installed WordNet', () => {
  it('is split in the same way for ever', async () => {
    const train = await readWordNet({ split: 'train' });
    const dev = await readWordNet({ split: 'dev' });
    const digest = (rows: typeof train.rows) =>
      createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 16);
    expect([train.rows.length, digest(train.rows)]).toEqual([105_068, '2b5172e2044bdfb6']);
    expect([dev.rows.length, digest(dev.rows)]).toEqual([11_851, 'f650383dfb82cd46']);
    const texts = new Set(train.rows.map(({ first }) => first));
    expect(dev.rows.filter(({ first }) => texts.has(first))).toEqual([]);
    expect(new Set(train.rows.map(({ label }) => label)).size).toBe(wordNetTask.labels.length);
    for (const { first } of dev.rows) expect(first).toMatch(/^\S.*\S$/);
  });

  it('has subsets that are beginnings of one another', async () => {
    const all = await readWordNet({ split: 'dev' });
    const few = await readWordNet({ split: 'dev', maxExamples: 50 });
    expect(few.rows).toEqual(all.rows.slice(0, 50));
    expect((await readWordNet({ split: 'dev', maxExamples: 1e6 })).rows).toEqual(all.rows);
  });

  it('names its classes by their numbers', async () => {
    const { rows } = await readWordNet({ split: 'train' });
    const classOf = (definition: string) =>
      wordNetTask.labels[rows.find(({ first }) => first === definition)?.label ?? -1];
    expect(
      classOf(
        'inflammation of the prostate gland characterized by perineal pain and irregular urination and (if severe) chills and fever',
      ),
    ).toBe('noun.state');
    expect(classOf('a frequently visited place')).toBe('noun.location');
  });
});
