import { Command } from 'commander';
import { refuseEmpty } from '../options/refuse-unused.js';
import { describeFailure, type Failures } from './failure.js';

/** A command line to which commands are to be added: they take over how it ends and what it says. */
export const newProgram = (name: string, version: string): Command =>
  new Command(name)
    .version(version)
    .exitOverride()
    .hook('preAction', (_, command) => refuseEmpty(command))
    .showHelpAfterError('(--help lists what there is)');

/**
 * Runs a command line to its end; a failure is told on standard error.
 *
 * @param args what follows the program's name
 * @returns the exit code: 0, that of {@link describeFailure}, or 128 + n after signal n
 */
export async function runProgram(
  program: Command,
  args: readonly string[],
  failures: Failures = {},
): Promise<number> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    const { exitCode, text } = describeFailure(error, failures);
    if (text) process.stderr.write(`${text}\n`);
    return exitCode;
  }
}
