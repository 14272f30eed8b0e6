import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checkText, DataError } from '@sketchgrad/core';
import { explainSystemError } from '@sketchgrad/core/node';
import { parseJson } from '../json/parse-json.js';
import { excerpt, showValue } from '../json/show-value.js';
import { joinedStores } from '../safetensors/joined.js';
import type { TensorStore } from '../safetensors/read.js';
import { openSafetensors } from './open-safetensors.js';

const SINGLE_NAME = 'model.safetensors';
const INDEX_NAME = 'model.safetensors.index.json';

/**
 * Opens the weights of a Hugging Face checkpoint: a safetensors file, an index of several
 * (`model.safetensors.index.json`), or a folder that holds `model.safetensors`, such an index, or
 * exactly one `*.safetensors` file.
 *
 * @throws DataError where nothing of the sort is there, or a file of it is not valid.
 */
export async function openCheckpoint(path: string): Promise<TensorStore> {
  const file = await findWeights(path);
  return file.endsWith('.json') ? openSharded(file) : openSafetensors(file);
}

/**
 * The files of a checkpoint that {@link openCheckpoint} reads: one, or an index and what it names.
 *
 * @throws DataError where nothing of the sort is there, or the index is not valid
 */
export async function checkpointFiles(path: string): Promise<string[]> {
  const file = await findWeights(path);
  if (!file.endsWith('.json')) return [file];
  const shards = new Set((await readIndex(file)).values());
  return [file, ...[...shards].sort().map((name) => join(dirname(file), name))];
}

async function findWeights(path: string): Promise<string> {
  checkText('path', path);
  if (!(await isFolder(path))) return path;
  const names = await readdir(path);
  for (const name of [SINGLE_NAME, INDEX_NAME]) if (names.includes(name)) return join(path, name);
  const others = names.filter((name) => name.endsWith('.safetensors'));
  if (others.length === 1) return join(path, others[0]!);
  const pickled = names.find((name) => /^pytorch_model.*\.bin(\.index\.json)?$/.test(name));
  const found =
    others.length > 1
      ? `it holds ${others.length} .safetensors files and no index: ${others.sort().join(', ')}`
      : pickled === undefined
        ? 'it holds neither'
        : `it holds only ${pickled}; save the model with transformers' save_pretrained, ` +
          'which writes safetensors';
  throw new DataError(path, `no weights: expected ${SINGLE_NAME} or ${INDEX_NAME}; ${found}`);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    const reason = explainSystemError(cause);
    throw new DataError(path, `cannot be opened: ${reason}`, undefined, { cause });
  }
}

/**
 * Opens a checkpoint in several files, given its index. As in transformers, tensors of these files
 * that the index does not list belong to it, too.
 *
 * @throws DataError where the index is not valid, a file that it names is missing or not valid, or
 *   does not hold a tensor that it should, or where an unlisted tensor is in two files.
 */
export async function openSharded(indexPath: string): Promise<TensorStore> {
  checkText('indexPath', indexPath);
  const fileOf = await readIndex(indexPath);
  const stores = new Map<string, TensorStore>();
  try {
    for (const file of [...new Set(fileOf.values())].sort())
      stores.set(file, await openSafetensors(join(dirname(indexPath), file)));
    return joinedStores(dirname(indexPath), stores, { file: indexPath, fileOf });
  } catch (error) {
    await Promise.all([...stores.values()].map((store) => store.close()));
    throw error;
  }
}

/** The file of each tensor, by the tensor's name. */
async function readIndex(path: string): Promise<Map<string, string>> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const reason = explainSystemError(cause);
    throw new DataError(path, `cannot be read: ${reason}`, undefined, { cause });
  }
  const index = parseJson(path, bytes, { uniqueKeys: true });
  const map =
    typeof index === 'object' && index !== null && 'weight_map' in index ? index.weight_map : null;
  if (typeof map !== 'object' || map === null || Array.isArray(map)) {
    throw new DataError(path, "must have an object 'weight_map' of tensor names to file names");
  }
  const files = Object.entries(map).map(([name, file]: [string, unknown]): [string, string] => {
    // The index says where its neighbours are; a path out of the folder is a mistake or an attack.
    if (typeof file === 'string' && isFileName(file)) return [name, file];
    throw new DataError(
      path,
      `weight_map['${excerpt(name)}'] is ${showValue(file)}, ` +
        'it must be the name of a .safetensors file in the same folder',
    );
  });
  return new Map(files);
}

/** No file system has longer names. */
const LONGEST_NAME = 255;

const isFileName = (name: string): boolean =>
  name === basename(name) &&
  name.endsWith('.safetensors') &&
  name.length <= LONGEST_NAME &&
  !name.includes('\0');
