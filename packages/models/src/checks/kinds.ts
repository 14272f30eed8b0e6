import {
  checkCount,
  checkMembers,
  checkOptions,
  describeValue,
  type ObjectKind,
  type OptionNames,
  UsageError,
} from '@sketchgrad/core';

const BATCH: ObjectKind = {
  accepted:
    'a batch of examples, { batchSize, rows, longest, tokenIds, tokenTypeIds, starts, attentionMask, labels }',
  members: {
    ...{ batchSize: 'number', rows: 'number', longest: 'number' },
    ...{ tokenIds: 'object', tokenTypeIds: 'object', starts: 'object', attentionMask: 'object' },
  },
};

const GRAPH: ObjectKind = {
  accepted: 'a graph in compressed rows, { nodes, rowPointers, columnIndices }',
  members: { nodes: 'number', rowPointers: 'object', columnIndices: 'object' },
};

const GRAPH_DATA: ObjectKind = {
  accepted: 'a graph with labelled nodes, { graph, features, labels }',
  members: { graph: 'object', features: 'object', labels: 'object' },
};

const CONFIG: ObjectKind = {
  accepted: 'the configuration of an encoder, such as await readConfig(folder) gives',
  members: {
    architecture: 'string',
    maxPositions: 'number',
    padTokenId: 'number',
    labels: 'array',
  },
};

/** @throws UsageError for what is no batch of examples, as far as its arrays */
export function checkBatch(value: unknown): void {
  checkMembers('batch', value, BATCH);
  const batch = value as Readonly<Record<string, unknown>>;
  for (const name of ['batchSize', 'rows', 'longest']) checkCount(name, batch[name]);
  for (const name of ['tokenIds', 'tokenTypeIds', 'starts', 'attentionMask'])
    checkNumbers(`the batch's ${name}`, batch[name], [Int32Array]);
  const { labels } = batch;
  if (labels !== undefined) checkNumbers("the batch's labels", labels, []);
}

/** @throws UsageError for what is no graph, as far as its arrays */
export function checkGraph(name: string, value: unknown): void {
  checkMembers(name, value, GRAPH);
  const { rowPointers, columnIndices } = value as Record<string, unknown>;
  checkNumbers(`${name}'s rowPointers`, rowPointers, [Int32Array]);
  checkNumbers(`${name}'s columnIndices`, columnIndices, [Int32Array]);
}

/** @throws UsageError for what are no nodes with features and labels, as far as their arrays */
export function checkGraphData(value: unknown): void {
  checkMembers('data', value, GRAPH_DATA);
  const { graph, features, labels } = value as Record<string, unknown>;
  checkGraph("data's graph", graph);
  checkMembers("data's features", features, {
    accepted: 'a matrix, { columns, data }',
    members: { columns: 'number', data: 'object' },
  });
  checkNumbers("data's labels", labels, []);
}

/**
 * @throws UsageError for what is no batch of nodes of exact sizes, or for sizes that are not `spare`
 */
export function checkNodeBatch(batch: unknown, shape: unknown): void {
  checkMembers('batch', batch, {
    accepted: 'a batch of nodes, { shape, inputs }',
    members: { shape: 'object', inputs: 'object' },
  });
  const { shape: own, inputs } = batch as Record<'shape' | 'inputs', Record<string, unknown>>;
  for (const [name, sizes] of Object.entries({ "the batch's shape": own, 'the shape': shape })) {
    checkMembers(name, sizes, { accepted: 'sizes, { nodes, entries, rows }', members: {} });
    for (const size of ['nodes', 'entries', 'rows'])
      checkCount(`${name}'s ${size}`, (sizes as Record<string, unknown>)[size]);
  }
  for (const name of ['rowPointers', 'columnIndices', 'edgeWeights', 'features', 'rows', 'labels'])
    checkNumbers(`the batch's ${name}`, inputs[name], [Int32Array, Float32Array]);
  const { spare } = shape as Record<string, unknown>;
  if (own.spare === true || spare !== true)
    throw new UsageError(
      `a batch of exact sizes is widened to spare ones, but spare is ${describeValue(own.spare)} of the batch's and ${describeValue(spare)} of the others`,
    );
}

/** @throws UsageError for what no encoder can be built by */
export const checkConfig = (value: unknown): void => checkMembers('config', value, CONFIG);

type NumbersKind = { readonly name: string; new (length: number): ArrayBufferView };

/**
 * @param kinds of which it must be one; any kind unless there are some
 * @throws UsageError for what is no array of numbers
 */
export function checkNumbers(name: string, value: unknown, kinds: readonly NumbersKind[]): void {
  const fits =
    kinds.length > 0
      ? kinds.some((kind) => value instanceof kind)
      : ArrayBuffer.isView(value) && !(value instanceof DataView);
  if (fits) return;
  const accepted =
    kinds.length > 0 ? `of type ${kinds.map((kind) => kind.name).join(' or ')}` : 'a typed array';
  throw new UsageError(`${name} must be ${accepted}, but it is ${describeValue(value)}`);
}

/**
 * Checks the options of a pass that is traced.
 *
 * @param sizes what `shape` has
 * @throws UsageError for an option that there is not, or no sizes
 */
export function checkBuild<Options extends { readonly shape: object }>(
  options: Options,
  names: OptionNames<Options>,
  sizes: readonly (keyof Options['shape'] & string)[],
): void {
  checkOptions('build', options, names);
  checkMembers('shape', options.shape, { accepted: `sizes, { ${sizes.join(', ')} }`, members: {} });
  const shape = options.shape as Readonly<Record<string, unknown>>;
  for (const size of sizes) checkCount(size, shape[size]);
}
