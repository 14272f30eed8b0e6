import type { GRAPH_MODELS } from '@sketchgrad/models';
import type { Selection } from '@sketchgrad/train';

/** The data sets that have a name. */
export const DATASETS = [
  'wordnet',
  'ogbn-arxiv',
  'ogbn-products',
  'cora',
  'citeseer',
  'ppi',
] as const;

export type ModelName = (typeof GRAPH_MODELS)[number];

/** A network and how it is trained, where the command line does not say. */
export interface NetworkDefaults {
  readonly layers: number;
  readonly hidden: number;
  readonly dropout: number;
  readonly dropInput: boolean;
  readonly batchNorm: boolean;
  readonly residual: boolean;
  readonly alpha: number;
  readonly lambda: number;
  readonly sharedWeights: boolean;
  readonly learningRate: number;
  /** Divides each node's features by their sum, as is done with bags of words. */
  readonly normalizeRows: boolean;
  /** L2 penalty of the first layer's weights; of GCNII, of both linear layers'. */
  readonly penalty: number;
  /** L2 penalty of GCNII's convolutions. */
  readonly convolutionPenalty: number;
  readonly epochs: number;
  /** Epochs without a smaller loss on `valid` after which training ends. */
  readonly patience?: number;
  readonly selectBy: Selection;
}

const PLAIN: Omit<NetworkDefaults, 'layers' | 'hidden' | 'dropout' | 'epochs'> = {
  dropInput: true,
  batchNorm: false,
  residual: false,
  alpha: 0.1,
  lambda: 0.5,
  sharedWeights: true,
  learningRate: 0.01,
  normalizeRows: false,
  penalty: 0,
  convolutionPenalty: 0,
  selectBy: 'score',
};

/** Kipf and Welling's settings for citation networks: arXiv 1609.02907, section 5.2. */
const PLANETOID_GCN: NetworkDefaults = {
  ...PLAIN,
  ...{ layers: 2, hidden: 16, dropout: 0.5, epochs: 200 },
  ...{ normalizeRows: true, penalty: 5e-4 },
};

/** GCNII's settings for Cora: arXiv 2007.02133, table 9 of its appendix. */
const CORA_GCN2: NetworkDefaults = {
  ...PLAIN,
  ...{ layers: 64, hidden: 64, dropout: 0.6, epochs: 1500, patience: 100, selectBy: 'loss' },
  ...{ normalizeRows: true, penalty: 5e-4, convolutionPenalty: 0.01 },
};

/** EXACT's settings for GCN2 on ogbn-arxiv (its paper, appendix E). */
const ARXIV_GCN2: NetworkDefaults = {
  ...PLAIN,
  ...{ layers: 16, hidden: 256, dropout: 0.1, dropInput: false, batchNorm: true, residual: true },
  ...{ alpha: 0.5, lambda: 1, learningRate: 1e-3, epochs: 1000 },
};

/** OGB's settings for GCN on ogbn-arxiv. */
const ARXIV_GCN: NetworkDefaults = {
  ...PLAIN,
  ...{ layers: 3, hidden: 256, dropout: 0.5, dropInput: false, batchNorm: true, epochs: 500 },
};

/** For graphs that nobody has published settings for, and WordNet: minutes, not hours. */
const USUAL = {
  gcn: { ...ARXIV_GCN, layers: 2, hidden: 128, dropout: 0.3, epochs: 100 },
  gcn2: { ...ARXIV_GCN2, layers: 4, hidden: 128, learningRate: 0.01, epochs: 100 },
} as const satisfies Record<ModelName, NetworkDefaults>;

const BY_DATASET: Readonly<Record<string, Readonly<Record<ModelName, NetworkDefaults>>>> = {
  cora: { gcn: PLANETOID_GCN, gcn2: CORA_GCN2 },
  citeseer: {
    gcn: PLANETOID_GCN,
    gcn2: { ...CORA_GCN2, layers: 32, hidden: 256, dropout: 0.7, lambda: 0.6 },
  },
  'ogbn-arxiv': { gcn: ARXIV_GCN, gcn2: ARXIV_GCN2 },
  ppi: {
    gcn: { ...ARXIV_GCN, hidden: 512, dropout: 0.2, epochs: 300 },
    gcn2: { ...ARXIV_GCN2, layers: 9, dropout: 0.2, epochs: 300 },
  },
};

/** Whose settings a data set of this name takes; undefined where none are published. */
export function publishedFor(name: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_ ]|^ogbn/g, '');
  return Object.keys(BY_DATASET).find((known) => plain(known) === plain(name));
}

/** @param name of the data set, or of the folder that it was read from */
export const networkDefaults = (name: string, model: ModelName): NetworkDefaults =>
  (BY_DATASET[publishedFor(name) ?? ''] ?? USUAL)[model];
