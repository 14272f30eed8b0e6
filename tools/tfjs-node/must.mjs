// A step of the set-up: a program that has to succeed, in the time that it is given.

import { SetupError } from '../bootstrap.mjs';
import { run } from '../command.mjs';

/** Of what a program that failed wrote, so many lines are shown. */
const SHOWN = 25;

/**
 * @typedef {import('../command.mjs').CommandOptions & { secondsAllowed: number, advice?: string | undefined }} StepOptions
 */

/**
 * Runs a program and gives its standard output.
 * @param {string} what for people: 'pip', 'compiling'
 * @param {readonly string[]} command
 * @param {StepOptions} options
 * @throws SetupError with the end of what it wrote, and with the advice
 */
export async function must(what, command, { advice, ...options }) {
  const start = performance.now();
  const ran = await run([...command], { ...options, capture: true }).catch((error) => ({
    code: 1,
    output: '',
    errors: String(error.message),
  }));
  if (ran.code === 0) return ran.output;
  const isLate = performance.now() - start >= options.secondsAllowed * 1000;
  const how = isLate
    ? `did not end within ${options.secondsAllowed} s`
    : `failed with exit code ${ran.code}`;
  const said = (ran.output + ran.errors).trim().split('\n').slice(-SHOWN).join('\n');
  throw new SetupError(
    [`${what} ${how}`, advice === undefined ? '' : `(${advice})`, `\n${said}`]
      .filter((part) => part !== '')
      .join(' '),
  );
}
