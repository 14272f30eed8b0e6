// Run as a program by the command, on a range of runs: reports each run on file descriptor 3. It
// may die at any of them; the command sees which.
import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { attempt, describe, type Outcome } from './attempt.js';
import { inputOf } from './input.js';
import { longestRun, residentBytes } from './limits.js';
import type { ChildMessage, ChildTask } from './messages.js';
import { readersOf } from './readers.js';

const task: ChildTask = JSON.parse(process.argv[2] ?? '');
const say = (message: ChildMessage) => writeSync(3, `${JSON.stringify(message)}\n`);

let run = task.first;
const die = (error: unknown) => {
  say({ run, failed: `nobody caught it: ${describe(error)}` });
  process.exit(1);
};
process.on('uncaughtException', die);
process.on('unhandledRejection', die);

const reader = (await readersOf(task.module)).find(({ name }) => name === task.reader)!;
const samples = await reader.samples();
const source = { reader, samples, seed: task.seed, longestRun };
for (; run < samples.length + task.mutated; run++) {
  const input = inputOf(source, run);
  say({ run, began: input.changes });
  const before = process.cpuUsage();
  const outcome = await attempt(reader, input, run < samples.length);
  // What a stream still has to say belongs to this run.
  await setImmediate();
  const { user, system } = process.cpuUsage(before);
  const what = failureOf(outcome, (user + system) / 1e6);
  if (what !== undefined) say({ run, failed: what });
  else say({ run, ended: outcome.kind as 'answer' | 'error' });
  // The peak never sinks again, so only a new process can judge the next run.
  if (peakBytes() > residentBytes) process.exit(0);
}

function failureOf(outcome: Outcome, seconds: number): string | undefined {
  if (outcome.kind === 'failure') return outcome.what;
  if (seconds > task.seconds) return `${seconds.toFixed(1)} s of processor time`;
  if (peakBytes() > residentBytes) return `${Math.round(peakBytes() / 2 ** 20)} MiB resident`;
  return undefined;
}

function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
