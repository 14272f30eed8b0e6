import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built command line's file. */
export const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

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

/** Runs the built command line to its end. */
export const run = (...args: readonly string[]): Promise<Ended> => start(args).ended;

/** The last line of what a command printed on standard output, which must be all of it, as JSON. */
export function onlyJson({ stdout }: Ended): Record<string, unknown> {
  const lines = stdout.split('\n');
  if (lines.length !== 2 || lines[1] !== '')
    throw new Error(`standard output is not one line:\n${stdout}`);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
}
