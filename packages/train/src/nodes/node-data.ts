import {
  checkCount,
  checkMembers,
  describeValue,
  type NodeData,
  type ObjectKind,
  UsageError,
} from '@sketchgrad/core';
import type { NodePart } from './options.js';

const NODE_DATA: ObjectKind = {
  accepted: 'a graph with labelled nodes, such as await readNodeDataset(folder) gives',
  members: {
    ...{ name: 'string', graph: 'object', features: 'object', labels: 'object' },
    ...{ classes: 'number', multiLabel: 'boolean', split: 'object' },
  },
};

const PARTS = ['train', 'valid', 'test'] as const;

/** @throws UsageError for what is no graph whose nodes can be learned from, chosen and judged by */
export function checkNodeData(data: NodeData): void {
  checkNodes('data', data);
  for (const part of PARTS) {
    const nodes = data.split[part];
    if (nodes.length === 0)
      throw new UsageError(`the split's part '${part}' is empty; it needs at least one node`);
    const { nodes: count } = data.graph;
    const wrong = nodes.find((node) => !(node >= 0 && node < count));
    if (wrong !== undefined)
      throw new UsageError(
        `the split's part '${part}' has the node ${wrong}; there are 0 to ${count - 1}`,
      );
    checkLabels(data, part);
  }
}

/** @throws UsageError for a node without a label, or with one that is no class */
function checkLabels({ labels, classes, multiLabel, split }: NodeData, part: keyof typeof split) {
  const [most, each] = multiLabel ? [1, classes] : [classes - 1, 1];
  for (const node of split[part])
    for (let at = node * each; at < (node + 1) * each; at++)
      if (!(labels[at]! >= 0 && labels[at]! <= most))
        throw new UsageError(
          `node ${node} of the split's part '${part}' has ${labels[at]} as its label` +
            `${multiLabel ? ` ${at - node * each}` : ''}; accepted: ${multiLabel ? '0 or 1' : `0 to ${most}`}`,
        );
}

/** @throws UsageError for what is no part of a graph, as far as its arrays' sizes */
export function checkNodePart(name: string, part: NodePart): void {
  checkMembers(name, part, {
    accepted: 'part of a graph, { nodes, dataset }',
    members: { nodes: 'object', dataset: 'object' },
  });
  checkNodes(`${name} as dataset`, part.dataset);
  checkArray(`${name} as nodes`, part.nodes, [Int32Array], part.dataset.graph.nodes);
}

/** @throws UsageError for what is no graph with labelled nodes, as far as its arrays' sizes */
function checkNodes(name: string, data: NodeData): void {
  checkMembers(name, data, NODE_DATA);
  const { graph, features, labels, classes, multiLabel, split } = data;
  checkMembers(`${name}'s graph`, graph, {
    accepted: 'a graph in compressed rows',
    members: { nodes: 'number', rowPointers: 'object', columnIndices: 'object' },
  });
  const { nodes, rowPointers, columnIndices } = graph;
  checkCount(`${name}'s graph.nodes`, nodes);
  checkArray(`${name}'s graph.rowPointers`, rowPointers, [Int32Array], nodes + 1);
  checkArray(`${name}'s graph.columnIndices`, columnIndices, [Int32Array], rowPointers[nodes]!);
  checkMembers(`${name}'s features`, features, {
    accepted: 'a matrix, { columns, data }',
    members: { columns: 'number', data: 'object' },
  });
  checkCount(`${name}'s features.columns`, features.columns);
  checkArray(`${name}'s features.data`, features.data, [Float32Array], nodes * features.columns);
  checkCount(`${name}'s classes`, classes);
  const each = multiLabel ? classes : 1;
  checkArray(`${name}'s labels`, labels, [Int32Array, Uint8Array], nodes * each);
  checkMembers(`${name}'s split`, split, {
    accepted: 'the nodes to train on, to validate and to test by',
    members: { train: 'object', valid: 'object', test: 'object' },
  });
  for (const part of PARTS) checkArray(`${name}'s split.${part}`, split[part], [Int32Array]);
}

type ArrayKind = Int32ArrayConstructor | Uint8ArrayConstructor | Float32ArrayConstructor;

/** @throws UsageError for another kind of array, or one of another length */
function checkArray(
  name: string,
  value: unknown,
  kinds: readonly ArrayKind[],
  length?: number,
): void {
  const fits = kinds.some((kind) => value instanceof kind);
  const found = fits ? (value as Int32Array).length : undefined;
  if (fits && (length === undefined || found === length)) return;
  const accepted = kinds.map((kind) => kind.name).join(' or ');
  throw new UsageError(
    `${name} must be of type ${accepted}${length === undefined ? '' : ` and length ${length}`}, but it is ${describeValue(value)}` +
      `${found === undefined ? '' : ` of ${found}`}`,
  );
}
