import { checkMembers, DataError, type ObjectKind } from '@sketchgrad/core';

/** Bytes that can be read from any position: a file, or something else that holds a checkpoint. */
export interface ByteSource {
  /** What to call it in messages: a file's path. */
  readonly name: string;
  readonly size: number;
  /**
   * Fills `target` with the bytes from `offset` on.
   *
   * @throws DataError where the source ends before that.
   */
  read(offset: number, target: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** What a source of bytes can be made of: bytes, a Blob (such as a File of a page), or a source. */
export type Bytes = Uint8Array | ArrayBuffer | Blob | ByteSource;

const BYTES: ObjectKind = {
  accepted: 'bytes, a Blob, or a source of bytes, { name, size, read, close }',
  members: { name: 'string', size: 'number', read: 'function', close: 'function' },
};

/**
 * A source that reads of bytes, a Blob or another source. Closing it closes nothing: whoever made what
 * it reads of does that.
 *
 * @param argument what to call `bytes` where they are none of these
 * @param name what to call them in messages of their content, unless they have a name
 * @throws UsageError for what are no bytes
 */
export function byteSource(argument: string, bytes: Bytes, name: string): ByteSource {
  const close = async () => {};
  if (bytes instanceof Uint8Array || bytes instanceof ArrayBuffer) {
    const all = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
    const read = async (offset: number, target: Uint8Array) => {
      expectInside(name, all.byteLength, offset, target);
      target.set(all.subarray(offset, offset + target.byteLength));
    };
    return { name, size: all.byteLength, read, close };
  }
  if (bytes instanceof Blob) {
    const read = async (offset: number, target: Uint8Array) => {
      expectInside(name, bytes.size, offset, target);
      const part = bytes.slice(offset, offset + target.byteLength);
      target.set(new Uint8Array(await part.arrayBuffer()));
    };
    return { name, size: bytes.size, read, close };
  }
  checkMembers(argument, bytes, BYTES);
  return {
    name: bytes.name,
    size: bytes.size,
    read: (offset, target) => bytes.read(offset, target),
    close,
  };
}

function expectInside(name: string, size: number, offset: number, target: Uint8Array): void {
  if (offset + target.byteLength <= size) return;
  throw new DataError(
    name,
    `ends at byte ${size}, where ${offset + target.byteLength - size} more were expected`,
  );
}
