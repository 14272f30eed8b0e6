import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** When a process is killed, counted from its start. */
export interface Moment {
  readonly milliseconds?: number;
  /** After so many changes of the names in the folder and in its checkpoints. */
  readonly changes?: number;
}

/** How a process ended. */
export interface Ended {
  /** False where it came to its end before it was to be killed. */
  readonly killed: boolean;
  readonly code: number | null;
  readonly stderr: string;
  readonly seconds: number;
  /** Changes of names that were seen. */
  readonly changes: number;
}

/** Starts a process that works in a folder, and kills it at some moment, if that comes. */
export async function runOrKill(
  words: readonly string[],
  folder: string,
  moment?: Moment,
): Promise<Ended> {
  const start = performance.now();
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  const changes = await watchUntil(child, folder, (seen) => {
    const { milliseconds = Infinity, changes: most = Infinity } = moment ?? {};
    return seen >= most || performance.now() - start >= milliseconds;
  });
  child.kill('SIGKILL');
  await closed;
  const seconds = (performance.now() - start) / 1000;
  return { killed: child.signalCode === 'SIGKILL', code: child.exitCode, stderr, seconds, changes };
}

const isRunning = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode === null && signalCode === null;

/** Looks at a folder until the process has ended or it is time. @returns the changes that it saw */
async function watchUntil(
  child: ChildProcess,
  folder: string,
  isTime: (changes: number) => boolean,
): Promise<number> {
  let changes = 0;
  let before = namesIn(folder).join();
  while (isRunning(child) && !isTime(changes)) {
    await sleep(1);
    const now = namesIn(folder).join();
    if (now !== before) changes++;
    before = now;
  }
  return changes;
}

/** The names in a run's folder and in its checkpoints; none where it is not there. */
export function namesIn(folder: string): string[] {
  const list = (path: string): string[] => {
    try {
      return readdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  };
  return [
    ...list(folder),
    ...list(join(folder, 'checkpoints')).map((name) => `checkpoints/${name}`),
  ];
}
