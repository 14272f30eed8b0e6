// pnpm fuzz [reader …] [--count N] [--seed S] [--run I] [--seconds N] [--readers FILE]
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { register } from 'tsx/esm/api';
import { writeFiles } from './attempt.js';
import { inputOf } from './input.js';
import { longestRun, processorSeconds } from './limits.js';
import { fuzzInProcesses } from './processes.js';
import type { FuzzReader } from './reader.js';
import { readerModules, readersOf } from './readers.js';
import type { FuzzFailure, FuzzSummary } from './run.js';

const usage = `pnpm fuzz [reader …] [options]

Runs readers of files on mutated inputs, in processes of their own: each has to end in a typed error or
a right answer, within 2 s of processor time and 512 MiB.

  --count N   inputs a reader (10000)
  --seed S    which inputs (0)
  --run I     only this one; its files are left behind, and their folder is named
  --seconds N processor time a run (2)
  --readers F a module that exports readers, in place of those that the packages list`;

interface Row {
  readonly reader: FuzzReader;
  readonly module: string;
}

interface RunOptions {
  readonly count: number;
  readonly seed: number;
  readonly seconds: number;
  readonly only: number | undefined;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      count: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '0' },
      run: { type: 'string' },
      seconds: { type: 'string', default: `${processorSeconds}` },
      readers: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(usage, 0);
  const [count, seed] = [wholeNumber(values.count), wholeNumber(values.seed)];
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) return say(`--seconds is a number above 0\n\n${usage}`, 2);
  const only = values.run === undefined ? undefined : wholeNumber(values.run);
  if (
    count === undefined ||
    seed === undefined ||
    (values.run !== undefined && only === undefined)
  ) {
    return say(`--count, --seed and --run are whole numbers\n\n${usage}`, 2);
  }
  register();
  const all = await allReaders(values.readers);
  const names = all.map(({ reader }) => reader.name);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    return say(`no reader ${unknown.join(', ')}: there are ${names.join(', ')}`, 2);
  }
  if (only !== undefined && positionals.length !== 1) return say('--run wants one reader', 2);
  const chosen = all.filter(
    ({ reader }) => positionals.length === 0 || positionals.includes(reader.name),
  );
  say(
    `${'reader'.padEnd(16)}${'inputs'.padStart(8)}${'answers'.padStart(9)}${'errors'.padStart(9)}${'failures'.padStart(10)}${'seconds'.padStart(9)}`,
  );
  let failed = 0;
  for (const row of chosen) failed += await fuzzOne(row, { count, seed, seconds, only });
  return failed > 0 ? 1 : 0;
}

async function fuzzOne(
  { reader, module }: Row,
  { count, seed, seconds, only }: RunOptions,
): Promise<number> {
  const samples = await reader.samples();
  if (only !== undefined) await leaveFiles({ reader, samples, seed, longestRun }, only);
  const start = performance.now();
  const summary = await fuzzInProcesses(
    {
      module,
      reader: reader.name,
      seed,
      seconds,
      mutated: count,
      samples: samples.length,
      ...(only === undefined ? {} : { only }),
    },
    (run) => progress(`${reader.name} ${run}`),
  );
  progress('');
  say(rowOf(reader.name, summary, (performance.now() - start) / 1000));
  for (const failure of summary.failures) say(failureText(reader.name, seed, failure));
  return summary.failures.length;
}

function rowOf(name: string, { answers, errors, failures }: FuzzSummary, seconds: number): string {
  const numbers = [
    `${answers + errors + failures.length}`.padStart(8),
    `${answers}`.padStart(9),
    `${errors}`.padStart(9),
    `${failures.length}`.padStart(10),
    seconds.toFixed(0).padStart(9),
  ];
  return name.padEnd(16) + numbers.join('');
}

function failureText(name: string, seed: number, { run, what, changes }: FuzzFailure): string {
  const again = `pnpm fuzz ${name} --seed ${seed} --run ${run}`;
  return `  ✗ ${again}\n    ${changes.join(', ') || 'a sample as it is'}\n    ${what}`;
}

async function leaveFiles(source: Parameters<typeof inputOf>[0], run: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), `sketchgrad-fuzz-${source.reader.name}-${run}-`));
  await writeFiles(folder, inputOf(source, run).files);
  say(`the input is in ${folder}`);
}

async function allReaders(file: string | undefined): Promise<Row[]> {
  const rows: Row[] = [];
  const modules =
    file === undefined
      ? readerModules(new URL('../../../', import.meta.url))
      : [pathToFileURL(resolve(file)).href];
  for (const module of modules) {
    for (const reader of await readersOf(module)) rows.push({ reader, module });
  }
  return rows;
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function say(text: string, code = 0): number {
  process.stdout.write(`${text}\n`);
  return code;
}
