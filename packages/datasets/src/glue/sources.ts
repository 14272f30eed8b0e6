import { mrpcOriginals } from './mrpc.js';
import type { GlueTaskName } from './tasks.js';

/** Where GLUE's files are published. */
export const glueBaseUrl = 'https://dl.fbaipublicfiles.com/';

/** A published file: its address below the base, and what becomes of it. */
export interface GlueSource {
  readonly path: string;
  /** The name to keep it under; undefined for a zip archive, whose files are taken out. */
  readonly saveAs?: string;
}

/** The files of each task (https://gluebenchmark.com/tasks); MRPC is not published as an archive. */
export const glueSources: Readonly<Record<GlueTaskName, readonly GlueSource[]>> = {
  cola: [{ path: 'glue/data/CoLA.zip' }],
  sst2: [{ path: 'glue/data/SST-2.zip' }],
  mrpc: [
    {
      path: `senteval/senteval_data/${mrpcOriginals.train}`,
      saveAs: mrpcOriginals.train,
    },
    {
      path: `senteval/senteval_data/${mrpcOriginals.test}`,
      saveAs: mrpcOriginals.test,
    },
    { path: `glue/data/${mrpcOriginals.devIds}`, saveAs: mrpcOriginals.devIds },
  ],
  stsb: [{ path: 'glue/data/STS-B.zip' }],
  qqp: [{ path: 'glue/data/QQP-clean.zip' }],
  mnli: [{ path: 'glue/data/MNLI.zip' }],
  qnli: [{ path: 'glue/data/QNLIv2.zip' }],
  rte: [{ path: 'glue/data/RTE.zip' }],
  wnli: [{ path: 'glue/data/WNLI.zip' }],
  ax: [{ path: 'glue/data/AX.tsv', saveAs: 'diagnostic.tsv' }],
};
