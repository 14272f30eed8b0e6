import type { FileHandle } from 'node:fs/promises';
import * as promises from 'node:fs/promises';
import type { FileSystem } from '../src/node/index.js';

/**
 * Decides what becomes of a call of the file system: `run` makes it, and where it is a write of
 * `length` bytes, with at most `limit` of them.
 */
type Gate = (
  operation: string,
  run: (limit?: number) => Promise<unknown>,
  length: number,
) => Promise<unknown>;

/** Node's file system with every call that a checkpoint's writer makes passed through `gate`. */
function gated(gate: Gate): FileSystem {
  const gatedHandle = (handle: FileHandle): FileHandle =>
    new Proxy(handle, {
      get(target, name) {
        if (name === 'write') {
          return (bytes: Uint8Array, from: number, length: number) =>
            gate(
              'write',
              (limit = length) => target.write(bytes, from, Math.min(length, limit)),
              length,
            );
        }
        if (name === 'sync') return () => gate('sync', () => target.sync(), 0);
        if (name === 'close') return () => gate('close', () => target.close(), 0);
        const property = Reflect.get(target, name);
        return typeof property === 'function' ? property.bind(target) : property;
      },
    });
  return {
    ...promises,
    open: ((file: string, flags: string) =>
      gate(
        'open',
        async () => gatedHandle(await promises.open(file, flags)),
        0,
      )) as typeof promises.open,
    rename: (from, to) => gate('rename', () => promises.rename(from, to), 0) as Promise<void>,
    unlink: (file) => gate('unlink', () => promises.unlink(file), 0) as Promise<void>,
  };
}

/** A disk with room for `bytes` more bytes; beyond them, as on a real one, part of a write lands. */
export function fullAfter(bytes: number): FileSystem {
  let room = bytes;
  return gated(async (operation, run, length) => {
    if (operation !== 'write') return run();
    if (room === 0) {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    }
    const limit = Math.min(room, length);
    room -= limit;
    return run(limit);
  });
}

/** A file system whose `operation` fails with `code`. */
export const failing = (operation: string, code: string): FileSystem =>
  gated(async (name, run) => {
    if (name === operation) throw Object.assign(new Error(`${code}: ${name}`), { code });
    return run();
  });

/** The names of the calls that were made, in order. */
export function recording(): { fileSystem: FileSystem; operations: string[] } {
  const operations: string[] = [];
  const fileSystem = gated((operation, run) => {
    operations.push(operation);
    return run();
  });
  return { fileSystem, operations };
}

/** Stands for the process being killed: nothing after it reaches the disk. */
export class Killed extends Error {}

/**
 * A process that is killed at its n-th call: a write lands by half, any other call wholly or not
 * at all, and every later call, cleaning up included, never happens.
 */
export function killedAt(n: number, done: boolean): FileSystem {
  let calls = 0;
  return gated(async (operation, run, length) => {
    // Closing goes on: it changes nothing on disk, and the test itself must not leak handles.
    if (operation === 'close') return run();
    const call = calls++;
    if (call < n) return run();
    if (call === n && operation === 'write') await run(length >> 1);
    else if (call === n && done && operation !== 'open') await run();
    throw new Killed();
  });
}
