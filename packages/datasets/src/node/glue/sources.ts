import type { GlueTaskName } from '../../glue/tasks.js';
import { mrpcOriginals } from './mrpc.js';

/** Where GLUE's files are published. */
export const glueBaseUrl = 'https://dl.fbaipublicfiles.com/';

/** A published file: its address below the base, and what becomes of it. */
export interface GlueSource {
  readonly path: string;
  /** The name to keep it under; undefined for a zip archive, whose files are taken out. */
  readonly saveAs?: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/**
 * The files of each task (https://gluebenchmark.com/tasks); MRPC is not published as an archive. Sizes
 * and SHA-256 are those that Hugging Face's `datasets` recorded of the same addresses
 * (datasets/glue/dataset_infos.json at its release 1.18), and TensorFlow Datasets of most.
 */
export const glueSources: Readonly<Record<GlueTaskName, readonly GlueSource[]>> = {
  cola: [
    {
      path: 'glue/data/CoLA.zip',
      bytes: 376_971,
      sha256: 'f212fcd832b8f7b435fb991f101abf89f96b933ab400603bf198960dfc32cbff',
    },
  ],
  sst2: [
    {
      path: 'glue/data/SST-2.zip',
      bytes: 7_439_277,
      sha256: 'd67e16fb55739c1b32cdce9877596db1c127dc322d93c082281f64057c16deaa',
    },
  ],
  mrpc: [
    {
      path: `senteval/senteval_data/${mrpcOriginals.train}`,
      saveAs: mrpcOriginals.train,
      bytes: 1_047_044,
      sha256: '60a9b09084528f0673eedee2b69cb941920f0b8cd0eeccefc464a98768457f89',
    },
    {
      path: `senteval/senteval_data/${mrpcOriginals.test}`,
      saveAs: mrpcOriginals.test,
      bytes: 441_275,
      sha256: 'a04e271090879aaba6423d65b94950c089298587d9c084bf9cd7439bd785f784',
    },
    {
      path: `glue/data/${mrpcOriginals.devIds}`,
      saveAs: mrpcOriginals.devIds,
      bytes: 6_222,
      sha256: '971d7767d81b997fd9060ade0ec23c4fc31cbb226a55d1bd4a1bac474eb81dc7',
    },
  ],
  stsb: [
    {
      path: 'glue/data/STS-B.zip',
      bytes: 802_872,
      sha256: 'e60a6393de5a8b5b9bac5020a1554b54e3691f9d600b775bd131e613ac179c85',
    },
  ],
  qqp: [
    {
      path: 'glue/data/QQP-clean.zip',
      bytes: 41_696_084,
      sha256: '40e7c862c04eb26ee04b67fd900e76c45c6ba8e6d8fab4f8f1f8072a1a3fbae0',
    },
  ],
  mnli: [
    {
      path: 'glue/data/MNLI.zip',
      bytes: 312_783_507,
      sha256: 'e7c1d896d26ed6caf700110645df426cc2d8ebf02a5ab743d5a5c68ac1c83633',
    },
  ],
  qnli: [
    {
      path: 'glue/data/QNLIv2.zip',
      bytes: 10_627_589,
      sha256: 'e634e78627a29adaecd4f955359b22bf5e70f2cbd93b493f2d624138a0c0e5f5',
    },
  ],
  rte: [
    {
      path: 'glue/data/RTE.zip',
      bytes: 697_150,
      sha256: '6bf86de103ecd335f3441bd43574d23fef87ecc695977a63b82d5efb206556ee',
    },
  ],
  wnli: [
    {
      path: 'glue/data/WNLI.zip',
      bytes: 28_999,
      sha256: 'ae0e8e4d16f4d46d4a0a566ec7ecceccfd3fbfaa4a7a4b4e02848c0f2561ac46',
    },
  ],
  ax: [
    {
      path: 'glue/data/AX.tsv',
      saveAs: 'diagnostic.tsv',
      bytes: 222_257,
      sha256: '0e13510b1bb14436ff7e2ee82338f0efb0133ecf2e73507a697dc210db3f05fd',
    },
  ],
};
