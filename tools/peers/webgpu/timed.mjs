// How the programs here are timed, and what they print: one JSON object a line, of seconds.

const WARM_UP = 1;

/**
 * @param {number} times
 * @param {() => Promise<unknown>} work done once the device is done with it
 * @returns {Promise<number[]>} seconds of each time but the first
 */
export async function secondsOf(times, work) {
  const seconds = [];
  for (let i = 0; i < WARM_UP + times; i++) {
    const start = performance.now();
    await work();
    if (i >= WARM_UP) seconds.push((performance.now() - start) / 1000);
  }
  return seconds;
}

/** @param {Record<string, number[]>} found by what was timed */
export function print(found) {
  console.log(JSON.stringify(found));
  // Dawn keeps a process alive.
  process.exit(0);
}
