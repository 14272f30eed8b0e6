import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFileSystem } from '../src/node/file-system.js';
import type { FileSystem } from '../src/node/index.js';
import { fullAfter } from './failing-file-system.js';

export interface SmallDisk {
  readonly kind: 'a mounted tmpfs' | 'a simulated full disk';
  readonly directory: string;
  readonly fileSystem: FileSystem;
  release(): void;
}

/**
 * A directory with room for 1 MiB: a real file system where this process may mount one, else the
 * same failure made by hand.
 */
export function smallDisk(): SmallDisk {
  const directory = mkdtempSync(join(tmpdir(), 'sketchgrad-disk-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory], { stdio: 'pipe' });
  } catch {
    // Not root, or not Linux: mounting is not for this process.
    const fileSystem = fullAfter(2 ** 20);
    return { kind: 'a simulated full disk', directory, fileSystem, release: remove };
  }
  const release = () => {
    execFileSync('umount', [directory]);
    remove();
  };
  return { kind: 'a mounted tmpfs', directory, fileSystem: nodeFileSystem, release };
}
