import { DataError, UsageError } from '@sketchgrad/core';
import { breadthFirstOrder, type NodeDataset, reorderedDataset } from '@sketchgrad/datasets';
import {
  datasetName,
  downloadOgb,
  ogbNames,
  readNodeDataset,
  readWordNetGraph,
} from '@sketchgrad/datasets/node';
import { downloadProgress } from '../runs/download-progress.js';
import { isNamed } from './dataset.js';
import { networkDefaults } from './defaults.js';
import { type NetworkOptions, networkSettings } from './network.js';
import type { GraphSettings } from './settings.js';

/** A graph of fewer nodes has its features in the cache in any order. */
const LARGE = 50_000;

/**
 * Reads the data set. Each node's features are divided by their sum where the options say so, or where
 * they do not and those who published results on it did. The nodes of a large one are put in breadth-first order, in which sparse products
 * are faster.
 *
 * @param say is told how a download comes on
 * @throws UsageError for an unknown name, where a folder is needed and none was given, or for options
 * that the network has no use for; DataError
 * for files that are missing or wrong, or features that have no sum to be divided by
 */
export async function loadGraph(
  options: NetworkOptions,
  say: (text: string) => void,
): Promise<NodeDataset> {
  const { dataset } = options;
  // What no network has a use for is known before a graph is read.
  networkSettings(options, isNamed(dataset) ? dataset : datasetName(dataset));
  const found = await readGraph(options, say);
  const { normalizeRows = networkDefaults(found.name, options.model).normalizeRows } = options;
  if (normalizeRows) divideBySums(found);
  return found.graph.nodes < LARGE
    ? found
    : reorderedDataset(found, breadthFirstOrder(found.graph));
}

async function readGraph(
  { dataset, data, download }: Pick<GraphSettings, 'dataset' | 'data' | 'download'>,
  say: (text: string) => void,
): Promise<NodeDataset> {
  if (dataset === 'wordnet') return readWordNetGraph();
  if (!isNamed(dataset)) return readNodeDataset(dataset);
  if (data === undefined)
    throw new UsageError(`the data set ${dataset} needs --data: the folder that it is in`);
  if (download) await fetchGraph(dataset, data, say);
  return readNodeDataset(data, { name: dataset });
}

function divideBySums({ name, features: { columns, data } }: NodeDataset): void {
  const negative = data.findIndex((value) => value < 0);
  if (negative >= 0)
    throw new DataError(
      name,
      `--normalize-rows divides counts by their sum, but node ${Math.floor(negative / columns)} has the feature ${data[negative]}`,
    );
  for (let first = 0; first < data.length; first += columns) {
    const row = data.subarray(first, first + columns);
    const sum = row.reduce((total, value) => total + value, 0);
    if (sum !== 0) for (let i = 0; i < columns; i++) row[i]! /= sum;
  }
}

async function fetchGraph(name: string, data: string, say: (text: string) => void): Promise<void> {
  const known = ogbNames.find((each) => each === name);
  if (known === undefined)
    throw new UsageError(
      `--download can fetch ${ogbNames.join(', ')}; ${name} has to be in --data already`,
    );
  await downloadOgb(known, data, { onProgress: downloadProgress(say) });
}
