import { DataError, SketchgradError, UsageError } from '@sketchgrad/core';
import { CommanderError } from 'commander';

/** How a command ends that did not do what it was asked. */
export interface Failure {
  readonly exitCode: number;
  /** For standard error; empty where all has been said. */
  readonly text: string;
}

/** Ends a command early with an exit code of its own: after Ctrl-C. */
export class Stopped extends SketchgradError {
  constructor(
    message: string,
    readonly exitCode: number,
    options?: ErrorOptions,
  ) {
    super('stopped', message, options);
  }
}

/**
 * What to print and which code to exit with: 2 for what the caller gave, options and files alike, and 1
 * for a run that failed. One message without a stack, which only the environment variable DEBUG brings
 * out; an error that nobody meant to raise is shown with it.
 */
export function describeFailure(error: unknown): Failure {
  // Commander has printed its message; asking for help or the version is no failure.
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 2, text: '' };
  if (error instanceof SketchgradError) {
    const text = process.env.DEBUG ? stackOf(error) : `error: ${error.message}`;
    if (error instanceof Stopped) return { exitCode: error.exitCode, text };
    const given = error instanceof UsageError || error instanceof DataError;
    return { exitCode: given ? 2 : 1, text };
  }
  // What the operating system refused has a message that says it all.
  if (error instanceof Error && 'syscall' in error && !process.env.DEBUG)
    return { exitCode: 1, text: `error: ${error.message}` };
  return { exitCode: 1, text: `error: this should not have happened: ${stackOf(error)}` };
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\nbecause of: ${stackOf(error.cause)}`;
}
