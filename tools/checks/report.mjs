// How the checks' results are counted and shown.

/**
 * @typedef {object} Outcome one thing that was checked
 * @property {string} name
 * @property {boolean} passed
 * @property {string} [detail] what is wrong, for a person
 *
 * @typedef {object} Tally what a stage found
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string} [detail] what is wrong, for a person
 */

/**
 * @param {Outcome[]} outcomes
 * @returns {Tally}
 */
export function tally(outcomes) {
  const failed = outcomes.filter((outcome) => !outcome.passed);
  return {
    passed: outcomes.length - failed.length,
    failed: failed.length,
    skipped: 0,
    detail: failed
      .map(({ name, detail }) => (detail ? `✗ ${name}\n${indent(detail)}` : `✗ ${name}`))
      .join('\n'),
  };
}

/**
 * @param {Tally[]} tallies
 * @returns {Tally}
 */
export function total(tallies) {
  /** @param {'passed' | 'failed' | 'skipped'} key */
  const sum = (key) => tallies.reduce((count, each) => count + each[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** @param {string} text */
export function indent(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/**
 * One line about a stage: '✓ lint  1 passed, 0 failed  0.4 s'.
 * @param {string} name
 * @param {Tally} found
 * @param {number} seconds
 */
export function stageLine(name, found, seconds) {
  const skipped = found.skipped > 0 ? `, ${found.skipped} skipped` : '';
  const counts = `${found.passed} passed, ${found.failed} failed${skipped}`;
  return `${found.failed > 0 ? '✗' : '✓'} ${name.padEnd(16)} ${counts.padEnd(24)} ${seconds.toFixed(1)} s`;
}
