import { Command } from 'commander';
import { refuseContrary, refuseEmpty } from '../options/refuse-unused.js';
import { describeFailure } from './failure.js';

/** A command line to which commands are to be added: they take over how it ends and what it says. */
export const newProgram = (name: string, version: string): Command =>
  new Command(name)
    .version(version)
    .exitOverride()
    .hook('preAction', (program, command) => {
      refuseEmpty(command);
      refuseContrary(
        command,
        (program as Command & { readonly rawArgs: readonly string[] }).rawArgs,
      );
    })
    .showHelpAfterError('(--help lists what there is)');

/**
 * Runs a command line to its end; a failure is told on standard error.
 *
 * @param args what follows the program's name
 * @returns the exit code: 0, that of {@link describeFailure}, or 128 + n after signal n
 */
export async function runProgram(program: Command, args: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(withoutHelpOnUnknown(program, args), { from: 'user' });
    return 0;
  } catch (error) {
    const { exitCode, text } = describeFailure(error);
    if (text) process.stderr.write(`${text}\n`);
    return exitCode;
  }
}

/**
 * What is to be parsed: of a command that does not exist its name alone. Beside it `--help` would have
 * the program's own help printed, and not a word of the name.
 */
function withoutHelpOnUnknown(program: Command, args: readonly string[]): readonly string[] {
  const operands = args.filter((arg) => !arg.startsWith('-'));
  const name = operands[0] === 'help' ? operands[1] : operands[0];
  const isKnown = (each: Command) => each.name() === name || each.aliases().includes(name!);
  return name === undefined || name === 'help' || program.commands.some(isKnown) ? args : [name];
}
