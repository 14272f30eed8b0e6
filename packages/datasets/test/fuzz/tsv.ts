import assert from 'node:assert/strict';
import type { FuzzReader } from '@sketchgrad/testing/fuzz';
import { type GlueExamples, type GlueTaskName, glueTask } from '../../src/index.js';
import { readGlue } from '../../src/node/index.js';
import { glueFiles } from '../glue-files.js';

const read: readonly GlueTaskName[] = ['cola', 'sst2', 'stsb', 'qqp', 'mnli', 'qnli'];

const taskOf = (path: string) => read.find((name) => path.startsWith(glueTask(name).folder))!;

/** GLUE's tables: each task's train file, and its test file without labels. */
export const tsv: FuzzReader<GlueExamples> = {
  name: 'tsv',
  samples: () =>
    read.flatMap((name) =>
      Object.entries(glueFiles[name])
        .filter(([path]) => /train|test(_matched)?\./.test(path))
        .map(([path, text]) => ({ [path]: Buffer.from(text) })),
    ),
  tokens: ['sentence', 'label', 'score', '\t1\n', '\tneutral\n', '\t\t', '\t-1\n', '\xff'],
  read: ({ folder, files }) => {
    const path = Object.keys(files)[0]!;
    return readGlue(taskOf(path), path.includes('train') ? 'train' : 'test', folder);
  },
  // A row of the answer is a line of the file, field by field.
  check: ({ task, split, rows, notes }, { files }) => {
    const text = Buffer.from(Object.values(files)[0]!)
      .toString('utf8')
      .replace(/^\ufeff/, '');
    const lines = text.split('\n').map((line) => line.replace(/\r$/, '').split('\t'));
    const header = task.splits[split]?.headless ?? lines[0]!;
    const wanted = (task.splits[split]?.headless ? lines : lines.slice(1)).filter(
      (fields) => fields.length === header.length,
    );
    // A table of one column may have empty lines, of which those at the end do not count.
    while (header.length === 1 && wanted.at(-1)?.[0] === '') wanted.pop();
    assert.equal(rows.length, wanted.length);
    for (const [index, { first, second, label }] of rows.entries()) {
      assert.ok(wanted[index]!.includes(first));
      assert.equal(second === undefined, !task.pair);
      if (second !== undefined) assert.ok(wanted[index]!.includes(second));
      if (split === 'train') assert.notEqual(label, null);
      if (label === null) continue;
      if (task.regression) assert.ok(label >= 0 && label <= 5);
      else assert.ok(Object.hasOwn(task.labels, label));
    }
    for (const note of notes) assert.match(note, /left out/);
  },
};
