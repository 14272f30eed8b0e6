import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

describe('readGlue', () => {
  it.each<[GlueTaskName, GlueSplit, unknown[]]>([
    [
      'cola',
      'train',
      [
        { first: 'He said "go.', label: 1 },
        { first: 'Go said he "the".', label: 0 },
      ],
    ],
    ['cola', 'test', [{ first: 'They stayed.', label: null }]],
    [
      'sst2',
      'train',
      [
        { first: 'a dull affair ', label: 0 },
        { first: 'fine work ', label: 1 },
      ],
    ],
    ['mrpc', 'train', [{ first: 'It rains .', second: 'Rain falls .', label: 1 }]],
    ['mrpc', 'dev', [{ first: 'A " dog .', second: 'A cat .', label: 0 }]],
    [
      'stsb',
      'train',
      [
        { first: 'A plane.', second: 'A plane.', label: 5 },
        { first: 'A plane.', second: 'A spoon.', label: 0.25 },
      ],
    ],
    ['stsb', 'test', [{ first: 'A.', second: 'B.', label: null }]],
    [
      'qqp',
      'train',
      [
        { first: 'Why?', second: 'How?', label: 0 },
        { first: '', second: 'Who?', label: 1 },
      ],
    ],
    [
      'mnli',
      'train',
      [
        { first: 'He ran.', second: 'He moved.', label: 0 },
        { first: 'He ran.', second: 'He won.', label: 1 },
        { first: 'He ran.', second: 'He sat.', label: 2 },
      ],
    ],
    ['mnli', 'dev', [{ first: 'M.', second: 'N.', label: 1 }]],
    ['mnli', 'dev_mismatched', [{ first: 'O.', second: 'P.', label: 0 }]],
    ['mnli', 'test', [{ first: 'Q.', second: 'R.', label: null }]],
    ['mnli', 'test_mismatched', [{ first: 'S.', second: 'T.', label: null }]],
    ['qnli', 'train', [{ first: 'Who?', second: 'He did.', label: 0 }]],
    ['qnli', 'dev', [{ first: 'Who?', second: 'It rains.', label: 1 }]],
    ['rte', 'train', [{ first: 'A.', second: 'B.', label: 1 }]],
    ['wnli', 'train', [{ first: 'It broke.', second: 'The cup broke.', label: 1 }]],
    ['ax', 'test', [{ first: 'The cat sat.', second: 'The cat did not sit.', label: null }]],
  ])('reads %s %s', async (name, split, expected) => {
    expect(await rowsOf(name, split)).toEqual(expected);
  });

  it.each(glueTaskNames)(
    'reads every split of %s, from the root and from its folder',
    async (name) => {
      const task = glueTask(name);
      for (const split of Object.keys(task.splits) as GlueSplit[]) {
        const examples = await readGlue(name, split, root);
        expect(examples).toMatchObject({ task, split });
        expect(examples.files).toHaveLength(1);
        expect(await rowsOf(name, split, join(root, task.folder))).toEqual(examples.rows);
        for (const { label, second } of examples.rows) {
          expect(label === null).toBe(split.startsWith('test'));
          expect(second !== undefined).toBe(task.pair);
        }
      }
    },
  );

  it('reads CRLF files as LF files', async () => {
    const expected = await rowsOf('mrpc', 'train');
    const file = join(root, 'MRPC/train.tsv');
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('\n', '\r\n'));
    expect(await rowsOf('mrpc', 'train')).toEqual(expected);
  });

  it('finds folders whatever their case and hyphens', async () => {
    const expected = await rowsOf('sst2', 'train');
    await rename(join(root, 'SST-2'), join(root, 'sst2'));
    expect(await rowsOf('sst2', 'train')).toEqual(expected);
    expect(await rowsOf('sst2', 'train', join(root, 'sst2'))).toEqual(expected);
  });

  it('takes labels by number as well as by name', async () => {
    await write({ 'RTE/dev.tsv': 'index\tsentence1\tsentence2\tlabel\n0\tC.\tD.\t1\n' });
    expect(await rowsOf('rte', 'dev')).toEqual([{ first: 'C.', second: 'D.', label: 1 }]);
  });

  it.each(['-1', '-1.0', '', ' '])('takes the label %j of a test split for none', async (none) => {
    await write({
      'SST-2/test.tsv': `idx\tsentence\tlabel\n0\ta b\t${none}\n1\tf g\t${none}\n`,
      'STS-B/test.tsv': `sentence1\tsentence2\tscore\na\tb\t${none}\n`,
      'MNLI/test_mismatched.tsv': `sentence1\tsentence2\tgold_label\na\tb\t${none}\n`,
    });
    expect(await rowsOf('sst2', 'test')).toEqual([
      { first: 'a b', label: null },
      { first: 'f g', label: null },
    ]);
    const pair = { first: 'a', second: 'b', label: null };
    expect(await rowsOf('stsb', 'test')).toEqual([pair]);
    expect(await rowsOf('mnli', 'test_mismatched')).toEqual([pair]);
    for (const label of ['-2', 'none', 'nan']) {
      await write({ 'SST-2/test.tsv': `sentence\tlabel\na b\t${label}\n` });
      await expect(rowsOf('sst2', 'test')).rejects.toThrow(`label is '${label}': expected one of`);
    }
  });

  it.each(['train', 'dev'] as const)('wants a label in each row of %s', async (split) => {
    for (const label of ['-1', '', '-1.0']) {
      await write({ [`SST-2/${split}.tsv`]: `sentence\tlabel\na b\t${label}\n` });
      await expect(rowsOf('sst2', split)).rejects.toThrow(`label is '${label}': expected one of`);
    }
  });

  it('leaves out the broken lines of Quora question pairs, and says so', async () => {
    const { notes } = await readGlue('qqp', 'train', root);
    expect(notes).toEqual([`${join(root, 'QQP/train.tsv')}: left out 1 broken line (3)`]);
    const broken = '4\t5\t6\tbroken\n'.repeat(20);
    await write({ 'QQP/train.tsv': `${glueFiles.qqp['QQP/dev.tsv']}${broken}` });
    await expect(rowsOf('qqp', 'train')).rejects.toThrow(
      /QQP\/train\.tsv:3: has 4 fields: .* 19 more/,
    );
  });
});

describe('the diagnostic set', () => {
  it.each(['diagnostic/diagnostic.tsv', 'AX/AX.tsv', 'AX.tsv', 'diagnostic.tsv'])(
    'is found as %s',
    async (path) => {
      const expected = await rowsOf('ax', 'test');
      await rm(join(root, 'AX'), { recursive: true });
      await write({ [path]: glueFiles.ax['AX/diagnostic.tsv']! });
      expect(await rowsOf('ax', 'test')).toEqual(expected);
    },
  );

  it('has labels in its full version', async () => {
    await rm(join(root, 'AX'), { recursive: true });
    await write({
      'AX/diagnostic-full.tsv': 'Logic\tPremise\tHypothesis\tLabel\n\tA.\tB.\tneutral\n',
    });
    expect(await rowsOf('ax', 'test')).toEqual([{ first: 'A.', second: 'B.', label: 1 }]);
  });

  it('has no other split than test', async () => {
    await expect(rowsOf('ax', 'dev')).rejects.toThrow("no split 'dev': expected one of test");
    expect(glueTask('ax').trainedOn).toBe('mnli');
  });
});

describe("MRPC's original files", () => {
  const header = '\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n';
  const rows = ['1\t1\t2\tA.\tB.', '0\t3\t4\tC.\tD.', '1\t5\t6\tE.\tF.'];
  const original = (lines: readonly string[]) =>
    header + lines.map((line) => `${line}\r\n`).join('');

  beforeEach(async () => {
    await rm(join(root, 'MRPC'), { recursive: true });
    await write({
      'MRPC/msr_paraphrase_train.txt': original(rows),
      'MRPC/msr_paraphrase_test.txt': original(['0\t7\t8\tG.\tH.']),
    });
  });

  it('are split by the list of dev pairs', async () => {
    await write({ 'MRPC/mrpc_dev_ids.tsv': '3\t4\n' });
    expect((await rowsOf('mrpc', 'train')).map(({ first }) => first)).toEqual(['A.', 'E.']);
    expect(await rowsOf('mrpc', 'dev')).toEqual([{ first: 'C.', second: 'D.', label: 0 }]);
    expect(await rowsOf('mrpc', 'test')).toEqual([{ first: 'G.', second: 'H.', label: 0 }]);
    expect((await readGlue('mrpc', 'dev', root)).notes).toEqual([]);
  });

  it('stand as they are without that list, and a note says so', async () => {
    const train = await readGlue('mrpc', 'train', root);
    expect(train.rows).toHaveLength(3);
    expect(train.notes.join()).toMatch(/no mrpc_dev_ids\.tsv .* train is all of/);
    const dev = await readGlue('mrpc', 'dev', root);
    expect(dev.rows.map(({ first }) => first)).toEqual(['G.']);
    expect(dev.notes.join()).toMatch(/dev is msr_paraphrase_test\.txt/);
  });

  it('are refused where the list fits none of them', async () => {
    await write({ 'MRPC/mrpc_dev_ids.tsv': '30\t40\n' });
    await expect(rowsOf('mrpc', 'dev')).rejects.toThrow(
      /mrpc_dev_ids\.tsv: leaves no dev rows of the 3/,
    );
  });
});

describe('glueTask', () => {
  it("has the labels, sentences and metrics of Hugging Face's glue", () => {
    const table = glueTaskNames.map((name) => {
      const { labels, pair, regression, metrics } = glueTask(name);
      return [name, labels.join(' '), pair, regression, metrics.join(' ')];
    });
    expect(table).toEqual([
      ['cola', 'unacceptable acceptable', false, false, 'matthews'],
      ['sst2', 'negative positive', false, false, 'accuracy'],
      ['mrpc', 'not_equivalent equivalent', true, false, 'accuracy f1'],
      ['stsb', '', true, true, 'pearson spearman'],
      ['qqp', 'not_duplicate duplicate', true, false, 'accuracy f1'],
      ['mnli', 'entailment neutral contradiction', true, false, 'accuracy'],
      ['qnli', 'entailment not_entailment', true, false, 'accuracy'],
      ['rte', 'entailment not_entailment', true, false, 'accuracy'],
      ['wnli', 'not_entailment entailment', true, false, 'accuracy'],
      ['ax', 'entailment neutral contradiction', true, false, 'matthews'],
    ]);
  });
});
