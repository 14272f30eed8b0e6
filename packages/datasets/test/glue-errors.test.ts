import { mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GlueSplit, type GlueTaskName, glueTask, glueTaskNames } from '../src/index.js';
import { readGlue } from '../src/node/index.js';
import { type GlueFolder, glueFiles, writeFolder } from './glue-files.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'glue-'));
  for (const name of glueTaskNames) await write(glueFiles[name]);
});
afterEach(() => rm(root, { recursive: true }));

const write = (files: GlueFolder) => writeFolder(root, files);

async function rowsOf(name: GlueTaskName, split: GlueSplit, directory = root) {
  return (await readGlue(name, split, directory)).rows;
}

describe('readGlue with bad data', () => {
  it('names an unknown task and an unknown split', async () => {
    const unknown = readGlue('colla', 'train', root);
    await expect(unknown).rejects.toBeInstanceOf(UsageError);
    await expect(unknown).rejects.toThrow(
      /unknown GLUE task 'colla' \(did you mean 'cola'\?\): expected one of cola, sst2, .* ax$/,
    );
    expect(() => glueTask('toString')).toThrow(UsageError);
    await expect(rowsOf('cola', 'dev_mismatched')).rejects.toThrow(/no split 'dev_mismatched'/);
  });

  it('says what it looked for where a folder or file is missing', async () => {
    await expect(rowsOf('cola', 'train', join(root, 'nowhere'))).rejects.toThrow(
      /nowhere: no such folder: expected GLUE's root, with CoLA in it, or CoLA itself/,
    );
    await rm(join(root, 'CoLA'), { recursive: true });
    await expect(rowsOf('cola', 'train')).rejects.toThrow(
      /no train split of cola: looked for train\.tsv here and for the folder CoLA/,
    );
    await rm(join(root, 'MRPC/dev.tsv'));
    await expect(rowsOf('mrpc', 'dev')).rejects.toThrow(
      /MRPC: no dev split of mrpc: looked for dev\.tsv, msr_paraphrase_train\.txt/,
    );
    await expect(rowsOf('mrpc', 'dev')).rejects.toBeInstanceOf(DataError);
  });

  it('names what is there in another format', async () => {
    await rename(join(root, 'CoLA/train.tsv'), join(root, 'CoLA/train.csv'));
    await expect(rowsOf('cola', 'train')).rejects.toThrow(
      /looked for train\.tsv here; there is train\.csv, but text with tabs between its fields, \.tsv, is expected$/,
    );
    await writeFile(join(root, 'SST-2/train.tsv'), 'sentence,label\na film,1\n');
    await expect(rowsOf('sst2', 'train')).rejects.toThrow(
      "no column 'sentence': the header line has 'sentence,label'; fields are separated by tabs, not by commas",
    );
  });

  it("refuses another task's folder", async () => {
    await expect(rowsOf('wnli', 'train', join(root, 'RTE'))).rejects.toThrow(
      /holds the task rte, but wnli was asked for/,
    );
  });

  it.each<[string, GlueTaskName, string, string, number | undefined]>([
    ['an empty file', 'cola', '', 'is empty', undefined],
    ['a header alone', 'rte', 'index\tsentence1\tsentence2\tlabel\n', 'no rows', undefined],
    [
      'a missing sentence',
      'sst2',
      'text\tlabel\na\t1\n',
      "no column 'sentence': the header line has 'text', 'label'",
      1,
    ],
    ['a missing label', 'rte', 'index\tsentence1\tsentence2\n0\ta\tb\n', "no column 'label'", 1],
    [
      'a wrong number of fields',
      'cola',
      'gj04\t1\t\tA.\ngj04\t1\tA.\n',
      'has 3 fields: expected 4',
      2,
    ],
    [
      'an unknown name',
      'rte',
      'index\tsentence1\tsentence2\tlabel\n0\ta\tb\tmaybe\n',
      "label is 'maybe': expected one of entailment (0), not_entailment (1)",
      2,
    ],
    ['a number too high', 'sst2', 'sentence\tlabel\na\t0\nb\t2\n', "label is '2'", 3],
    ['an empty label', 'sst2', 'sentence\tlabel\na\t\n', "label is ''", 2],
    [
      'no score',
      'stsb',
      'sentence1\tsentence2\tscore\na\tb\tten\n',
      "score is 'ten': expected a number from 0 to 5",
      2,
    ],
    ['an empty score', 'stsb', 'sentence1\tsentence2\tscore\na\tb\t\n', "score is ''", 2],
    [
      'a score out of range',
      'stsb',
      'sentence1\tsentence2\tscore\na\tb\t5.5\n',
      "score is '5.5'",
      2,
    ],
  ])('names file and line of %s', async (_, name, content, message, line) => {
    const path = `${glueTask(name).folder}/train.tsv`;
    await write({ [path]: content });
    const error = await rowsOf(name, 'train').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({ file: join(root, path), line });
    expect((error as DataError).message).toContain(message);
  });

  it('names a file that is too large for one text, before it is read', async () => {
    const file = join(root, 'SST-2/train.tsv');
    await truncate(file, 2 ** 33);
    await expect(rowsOf('sst2', 'train')).rejects.toThrow(
      /train\.tsv: has 8589934592 bytes: expected \d+ at most/,
    );
  });

  it('names the line that is not UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from('sentence\tlabel\nok\t1\ncaf'),
      Buffer.from([0xe9, 0x09]),
    ]);
    await writeFile(join(root, 'SST-2/train.tsv'), bytes);
    await expect(rowsOf('sst2', 'train')).rejects.toThrow(/train\.tsv:3: is not UTF-8 text/);
  });
});
