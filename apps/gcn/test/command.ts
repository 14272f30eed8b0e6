import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** The built command line's file. */
export const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

type Main = (args: readonly string[]) => Promise<number>;

/** The command line's sources, where mutants of them are looked for: loaded before any test. */
const here: Main | undefined = process.env.SKETCHGRAD_MUTATE
  ? (await import('../src/main.js')).main
  : undefined;

/** How a command line ended, and what it said. */
export interface Ended {
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built command line, as its users do. */
export function start(...args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Not the variables that colour the test runner's own output.
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? signal, stdout, stderr }));
  });
  return { child, ended };
}

/** Runs it to its end, as built unless mutants are looked for. */
export const run = (...args: readonly string[]): Promise<Ended> =>
  here ? runHere(here, args) : start(...args).ended;

/**
 * Runs the sources in this process, one command at a time: so `pnpm mutate` sees what a test
 * reaches. What they start is the built command line all the same.
 */
async function runHere(main: Main, args: readonly string[]): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  const writes = [process.stdout.write, process.stderr.write] as const;
  const program = process.argv[1]!;
  process.argv[1] = CLI;
  for (const name of ['stdout', 'stderr'] as const)
    process[name].write = (text: string | Uint8Array) => {
      texts[name] += text;
      return true;
    };
  try {
    const code = await main(args);
    return { code, ...texts };
  } finally {
    [process.stdout.write, process.stderr.write] = writes;
    process.argv[1] = program;
  }
}

/** What it printed on standard output, which is one line of JSON. */
export function json({ code, stdout, stderr }: Ended): Record<string, unknown> {
  if (code !== 0 || !/^[^\n]+\n$/.test(stdout)) throw new Error(`${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const NODES = 60;

/** Writes a small graph of three communities in OGB's layout, with some files in place of others. */
export function writeGraph(folder: string, instead: Readonly<Record<string, string>> = {}): string {
  const nodes = Array.from({ length: NODES }, (_, node) => node);
  const community = (node: number) => node % 3;
  const lines = (rows: readonly (string | number)[]) => rows.map((row) => `${row}\n`).join('');
  const edges = nodes.flatMap((node) =>
    [3, 9, 1].map((step) => `${node},${(node + step) % NODES}`),
  );
  const feature = (node: number, i: number) =>
    (Number(i === community(node)) + Math.sin(7 * node + i)).toFixed(3);
  const features = nodes.map((node) => [0, 1, 2, 3].map((i) => feature(node, i)).join(','));
  const files = {
    'raw/num-node-list.csv.gz': lines([NODES]),
    'raw/num-edge-list.csv.gz': lines([edges.length]),
    'raw/edge.csv.gz': lines(edges),
    'raw/node-feat.csv.gz': lines(features),
    'raw/node-label.csv.gz': lines(nodes.map(community)),
    'split/half/train.csv.gz': lines(nodes.filter((node) => node < 30)),
    'split/half/valid.csv.gz': lines(nodes.filter((node) => node >= 30 && node < 45)),
    'split/half/test.csv.gz': lines(nodes.filter((node) => node >= 45)),
    ...instead,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), gzipSync(text));
  }
  return folder;
}
