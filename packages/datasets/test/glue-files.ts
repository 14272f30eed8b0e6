import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GlueTaskName } from '../src/index.js';

/** Text files by their paths below a root. */
export type GlueFolder = Readonly<Record<string, string>>;

/** Writes text files, and the folders that they are in. */
export async function writeFolder(root: string, files: GlueFolder): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** A small file of each task and split, in GLUE's official layout, by path below its root. */
export const glueFiles: Readonly<Record<GlueTaskName, GlueFolder>> = {
  cola: {
    'CoLA/train.tsv': 'gj04\t1\t\tHe said "go.\ngj04\t0\t*\tGo said he "the".\n',
    'CoLA/dev.tsv': 'gj04\t1\t\tShe left.\n',
    'CoLA/test.tsv': 'index\tsentence\n0\tThey stayed.\n',
  },
  sst2: {
    'SST-2/train.tsv': 'sentence\tlabel\na dull affair \t0\nfine work \t1\n',
    'SST-2/dev.tsv': 'sentence\tlabel\ngood \t1\n',
    'SST-2/test.tsv': 'index\tsentence\n0\tso so\n',
  },
  mrpc: {
    'MRPC/train.tsv':
      '\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t10\t11\tIt rains .\tRain falls .\n',
    'MRPC/dev.tsv': 'Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n0\t12\t13\tA " dog .\tA cat .\n',
    'MRPC/test.tsv': 'index\t#1 ID\t#2 ID\t#1 String\t#2 String\n0\t14\t15\tOne .\tTwo .\n',
  },
  stsb: {
    'STS-B/train.tsv':
      'index\tgenre\tsentence1\tsentence2\tscore\n0\tnews\tA plane.\tA plane.\t5.000\n1\tnews\tA plane.\tA spoon.\t0.25\n',
    'STS-B/dev.tsv': 'index\tgenre\tsentence1\tsentence2\tscore\n0\tnews\tA.\tB.\t2\n',
    'STS-B/test.tsv': 'index\tgenre\tsentence1\tsentence2\n0\tnews\tA.\tB.\n',
  },
  qqp: {
    'QQP/train.tsv':
      'id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n1\t2\t3\tWhy?\tHow?\t0\n4\t5\t6\tbroken\n7\t8\t9\t\tWho?\t1\n',
    'QQP/dev.tsv': 'id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n1\t2\t3\tWhy?\tWhy?\t1\n',
    'QQP/test.tsv': 'id\tquestion1\tquestion2\n0\tWhat?\tWhere?\n',
  },
  mnli: {
    'MNLI/train.tsv':
      'index\tsentence1\tsentence2\tlabel1\tgold_label\n0\tHe ran.\tHe moved.\tneutral\tentailment\n1\tHe ran.\tHe won.\tneutral\tneutral\n2\tHe ran.\tHe sat.\tneutral\tcontradiction\n',
    'MNLI/dev_matched.tsv': 'index\tsentence1\tsentence2\tgold_label\n0\tM.\tN.\tneutral\n',
    'MNLI/dev_mismatched.tsv': 'index\tsentence1\tsentence2\tgold_label\n0\tO.\tP.\tentailment\n',
    'MNLI/test_matched.tsv': 'index\tsentence1\tsentence2\n0\tQ.\tR.\n',
    'MNLI/test_mismatched.tsv': 'index\tsentence1\tsentence2\n0\tS.\tT.\n',
  },
  qnli: {
    'QNLI/train.tsv': 'index\tquestion\tsentence\tlabel\n0\tWho?\tHe did.\tentailment\n',
    'QNLI/dev.tsv': 'index\tquestion\tsentence\tlabel\n0\tWho?\tIt rains.\tnot_entailment\n',
    'QNLI/test.tsv': 'index\tquestion\tsentence\n0\tWho?\tShe.\n',
  },
  rte: {
    'RTE/train.tsv': 'index\tsentence1\tsentence2\tlabel\n0\tA.\tB.\tnot_entailment\n',
    'RTE/dev.tsv': 'index\tsentence1\tsentence2\tlabel\n0\tC.\tD.\tentailment\n',
    'RTE/test.tsv': 'index\tsentence1\tsentence2\n0\tE.\tF.\n',
  },
  wnli: {
    'WNLI/train.tsv': 'index\tsentence1\tsentence2\tlabel\n0\tIt broke.\tThe cup broke.\t1\n',
    'WNLI/dev.tsv': 'index\tsentence1\tsentence2\tlabel\n0\tIt broke.\tThe saucer broke.\t0\n',
    'WNLI/test.tsv': 'index\tsentence1\tsentence2\n0\tIt.\tThat.\n',
  },
  ax: {
    'AX/diagnostic.tsv': 'index\tsentence1\tsentence2\n0\tThe cat sat.\tThe cat did not sit.\n',
  },
};
