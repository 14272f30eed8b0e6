import { InterruptedError } from '@sketchgrad/train';
import { Stopped } from './failure.js';
import type { Interruptions } from './interruptions.js';

/**
 * What to throw for an error that ended a run: one that was interrupted ends with the signal's exit
 * code and, where it left checkpoints, a word on how to go on; any other error is itself.
 */
export function stoppedBy(
  error: unknown,
  { exitCode = 1 }: Pick<Interruptions, 'exitCode'>,
  leftCheckpoints: boolean,
): unknown {
  if (!(error instanceof InterruptedError)) return error;
  const advice = leftCheckpoints ? '; the same command with --resume goes on from there' : '';
  return new Stopped(error.message + advice, exitCode, { cause: error });
}
