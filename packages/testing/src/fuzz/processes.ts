import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { patience } from './limits.js';
import type { ChildMessage, ChildTask } from './messages.js';
import type { FuzzFailure, FuzzSummary } from './run.js';

/** What the runs of a reader are told while they go on. */
export type OnRun = (run: number) => void;

/**
 * Runs a reader on mutated inputs in child processes. A child that dies or hangs is charged to the
 * input that it was reading, and another goes on behind it.
 */
export async function fuzzInProcesses(
  task: Omit<ChildTask, 'first'> & { readonly samples: number; readonly only?: number },
  onRun: OnRun,
): Promise<FuzzSummary> {
  const { samples, only, ...rest } = task;
  const failures: FuzzFailure[] = [];
  const counts = { answer: 0, error: 0 };
  const end = only === undefined ? samples + task.mutated : only + 1;
  for (let next = only ?? 0; next < end; ) {
    const child = { ...rest, first: next, mutated: end - samples };
    next = (await oneChild(child, counts, failures, onRun)) + 1;
  }
  return { answers: counts.answer, errors: counts.error, failures };
}

// Resolves to the last run that the child has begun.
async function oneChild(
  task: ChildTask,
  counts: { answer: number; error: number },
  failures: FuzzFailure[],
  onRun: OnRun,
): Promise<number> {
  const child = spawnChild(task);
  let run = task.first;
  let changes: readonly string[] = [];
  let open = true;
  let hangs = false;
  const fail = (what: string) => failures.push({ run, what, changes });
  const kill = () => {
    hangs = true;
    child.kill('SIGKILL');
  };
  const wallSeconds = patience * task.seconds;
  // Loading takes its time, whatever a run may take.
  let timer = setTimeout(kill, 60_000);
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2000);
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
    const message: ChildMessage = JSON.parse(line);
    run = message.run;
    if ('began' in message) {
      clearTimeout(timer);
      timer = setTimeout(kill, wallSeconds * 1000);
      changes = message.began;
      open = true;
      onRun(run);
    } else if (open) {
      open = false;
      if ('failed' in message) fail(message.failed);
      else counts[message.ended] += 1;
    } else if ('failed' in message) {
      // It had answered already, and an error came after.
      fail(message.failed);
    }
  }
  const how = await ended;
  clearTimeout(timer);
  if (hangs) fail(`no end after ${wallSeconds} s`);
  else if (open) fail(`the process ended with ${how} while it read\n${errors}`);
  return run;
}

function spawnChild(task: ChildTask): ChildProcess {
  const program = fileURLToPath(new URL('./fuzz-child.js', import.meta.url));
  // tsx loads the readers' TypeScript as it stands in the packages' tests.
  const loader = import.meta.resolve('tsx');
  return spawn(process.execPath, ['--import', loader, program, JSON.stringify(task)], {
    stdio: ['ignore', 'inherit', 'pipe', 'pipe'],
  });
}
