import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built command line's file. */
export const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

type Main = (args: readonly string[]) => Promise<number>;

/** The command line's sources, where mutants of them are looked for: loaded before any test. */
const here: Main | undefined = process.env.SKETCHGRAD_MUTATE
  ? (await import('../src/main.js')).main
  : undefined;

/** How a command line ended, and what it said. */
export interface Ended {
  /** The exit code, or the signal that ended it. */
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that is running. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts the built command line, as its users do. */
export function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Not the variables that colour the test runner's own output.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
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

/** Runs the command line to its end, as built unless mutants are looked for. */
export const run = (...args: readonly string[]): Promise<Ended> =>
  here ? runHere(here, args) : start(args).ended;

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

/** The last line of what a command printed on standard output, which must be all of it, as JSON. */
export function onlyJson({ stdout }: Ended): Record<string, unknown> {
  const lines = stdout.split('\n');
  if (lines.length !== 2 || lines[1] !== '')
    throw new Error(`standard output is not one line:\n${stdout}`);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
}
