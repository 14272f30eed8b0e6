import { createHash } from 'node:crypto';
import type { Files, Packing } from '@sketchgrad/testing/fuzz';

const MAGIC = 'SKETCHG1';
const DIGEST = 32;

const sha256 = (...parts: (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** A checkpoint by the words of its format: the header as JSON, and each tensor's elements. */
export interface Contents {
  readonly header: {
    readonly progress: unknown;
    readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  };
  readonly tensors: readonly Buffer[];
}

/** What a file holds, every digest compared; undefined for one that is not whole. */
export function contentsOf(bytes: Uint8Array): Contents | undefined {
  const file = Buffer.from(bytes);
  if (file.toString('latin1', 0, 8) !== MAGIC || file.length < 12) return undefined;
  let at = 12 + file.readUInt32LE(8);
  if (!sha256(file.subarray(0, at)).equals(file.subarray(at, at + DIGEST))) return undefined;
  const header: Contents['header'] = JSON.parse(file.toString('utf8', 12, at));
  at += DIGEST;
  const take = (length: number) => {
    at += length;
    return file.subarray(at - length, at);
  };
  const tensors = header.tensors.map(({ name, shape }) => {
    const data = take(4 * shape.reduce((a, b) => a * b, 1));
    return sha256(name, data).equals(take(DIGEST)) ? data : undefined;
  });
  return at === file.length && tensors.every((data) => data !== undefined)
    ? { header, tensors: tensors as Buffer[] }
    : undefined;
}

/**
 * Takes a checkpoint's header and tensors as packed in it, so that damage to them is digested as if it
 * were meant: the digests alone would stop nearly all of it otherwise.
 */
export const checkpointPacking: Packing = {
  suffix: '.checkpoint',
  unpack(bytes) {
    const { tensors } = contentsOf(bytes)!;
    const file = Buffer.from(bytes);
    const parts = tensors.map((data, index) => [`tensor ${index}`, data] as const);
    return {
      header: file.subarray(12, 12 + file.readUInt32LE(8)),
      ...Object.fromEntries(parts),
    };
  },
  pack({ header, ...tensors }: Files) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(header!.length);
    const start = Buffer.concat([Buffer.from(MAGIC), length, header!]);
    const names = namesIn(header!);
    return Buffer.concat([
      ...[start, sha256(start)],
      ...Object.values(tensors).flatMap((data, index) => [data, sha256(names[index] ?? '', data)]),
    ]);
  },
};

/** The names of a header's tensors, as far as there are any. */
function namesIn(header: Uint8Array): readonly string[] {
  try {
    const { tensors } = JSON.parse(Buffer.from(header).toString());
    return tensors.map(({ name }: { name: unknown }) => String(name));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return [];
    throw error;
  }
}

/** Words of the format. */
export const tokens: readonly string[] = [
  MAGIC,
  '"step":',
  '"epoch":',
  '"position":',
  '"losses":[',
  '"evaluations":[]',
  '"best":null',
  '"configuration":{}',
  '"tensors":[',
  '"dtype":"i32"',
  '"shape":[]',
  '[1e308,1e308,0]',
  '"byteOrder":"BE"',
];
