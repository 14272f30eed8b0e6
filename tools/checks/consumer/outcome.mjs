// What became of a user's command.

import { run } from '../../command.mjs';

/** @typedef {import('../report.mjs').Outcome} Outcome */

/** Long enough for a slow, busy machine; far more than any of them needs. */
const secondsAllowed = 300;

/**
 * @param {string} name
 * @param {string} folder
 * @param {string[]} command
 * @returns {Promise<Outcome>}
 */
export async function outcome(name, folder, command) {
  const { code, output, errors } = await run(command, {
    cwd: folder,
    capture: true,
    secondsAllowed,
  });
  return {
    name,
    passed: code === 0,
    detail: `${command.join(' ')} exited with ${code}\n${output}${errors}`,
  };
}
