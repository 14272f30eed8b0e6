// What differs by where it runs, as it is elsewhere than in Node: package.json's `imports` takes
// node/platform.ts there, and bundlers for browsers take this.

/**
 * Imports a package by its name where something gives it one at run time, such as a page's import map.
 * `undefined` where nothing does; there is nowhere else to look.
 */
export async function importPackage(specifier: string): Promise<object | undefined> {
  try {
    // No bundler can follow a name that it does not know, and is not to warn of it.
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ specifier);
  } catch (error) {
    // What browsers throw for a name that leads nowhere; what a package throws at its start is its own.
    if (error instanceof TypeError && error.message.includes(specifier)) return undefined;
    throw error;
  }
}

/** Says on the console what goes on all the same. */
export const emitWarning = (message: string): void => {
  // biome-ignore lint/suspicious/noConsole: there is nothing else that tells where nobody asked to be told
  console.warn(message);
};

/** What a page is trusted with where the browser does not say, in GiB. */
const GUESS = 4;

/** A guess at the memory that a page may have: browsers say it in steps, and 8 GiB at most. */
export const machineMemory = (): number =>
  ((globalThis as { navigator?: { deviceMemory?: number } }).navigator?.deviceMemory ?? GUESS) *
  2 ** 30;
