import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own with little room. */
export interface SmallDisk {
  readonly directory: string;
  /** Makes room. */
  grow(): void;
  release(): void;
}

/**
 * Mounts a file system with room for one checkpoint of a tiny run but not for two; undefined where
 * this process may not mount: not root, or not Linux. What a checkpoint then does is tested with a
 * simulated disk where checkpoints are.
 */
export function smallDisk(): SmallDisk | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'sketchgrad-disk-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const mount = (...options: string[]) =>
    execFileSync('mount', [...options, 'tmpfs', directory], { stdio: 'pipe' });
  try {
    mount('-t', 'tmpfs', '-o', 'size=52k');
  } catch {
    remove();
    return undefined;
  }
  return {
    directory,
    grow: () => mount('-o', 'remount,size=8m'),
    release: () => {
      execFileSync('umount', [directory]);
      remove();
    },
  };
}
