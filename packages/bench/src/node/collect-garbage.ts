import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Frees what this thread's JavaScript no longer refers to, now rather than some time later. */
export function collectGarbage(): void {
  // A context made while the flag is set has the function that `node --expose-gc` has.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  collect();
  // Buffers are freed in the background; the next collection waits for that.
  collect();
}
