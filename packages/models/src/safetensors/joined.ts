import { DataError } from '@sketchgrad/core';
import { excerpt } from '../json/show-value.js';
import { failMissing, type TensorStore } from './read.js';

/** What an index says of a checkpoint in several files. */
export interface StoreIndex {
  /** The index itself, for messages. */
  readonly file: string;
  /** The file of each tensor by the tensor's name. */
  readonly fileOf: ReadonlyMap<string, string>;
}

/**
 * A checkpoint in several files. As in transformers, tensors that the index does not list belong to it,
 * too.
 *
 * @param path what to call it in messages
 * @param stores the files by the names that the index has for them
 * @throws DataError for a tensor that is not in the file where it should be, or that is in two files and
 * not in the index
 */
export function joinedStores(
  path: string,
  stores: ReadonlyMap<string, TensorStore>,
  index: StoreIndex,
): TensorStore {
  const storeOf = storesByTensor(stores, index);
  const of = (name: string) => storeOf.get(name) ?? failMissing(index.file, name, storeOf);
  const all = [...stores.values()];
  return {
    path,
    names: all.flatMap((store) => store.names.filter((name) => storeOf.get(name) === store)),
    metadata: Object.assign({}, ...all.map((store) => store.metadata)),
    has: (name) => storeOf.has(name),
    info: (name) => of(name).info(name),
    readFloat32: async (name, into) => of(name).readFloat32(name, into),
    readBytes: async (name) => of(name).readBytes(name),
    close: async () => {
      await Promise.all(all.map((store) => store.close()));
    },
  };
}

function storesByTensor(
  stores: ReadonlyMap<string, TensorStore>,
  { file: indexFile, fileOf }: StoreIndex,
): ReadonlyMap<string, TensorStore> {
  const storeOf = new Map<string, TensorStore>();
  const fileFound = new Map<string, string>();
  for (const [name, file] of fileOf) {
    const store = stores.get(file)!;
    // Asking for a name that is not there raises the error that says so.
    store.info(name);
    storeOf.set(name, store);
  }
  for (const [file, store] of stores)
    for (const name of store.names) {
      if (fileOf.has(name)) continue;
      if (storeOf.has(name))
        throw new DataError(
          indexFile,
          `does not say in which of its files tensor '${excerpt(name)}' is: ` +
            `it is in ${fileFound.get(name)} and in ${file}`,
        );
      storeOf.set(name, store);
      fileFound.set(name, file);
    }
  return storeOf;
}
