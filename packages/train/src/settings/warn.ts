import { warn } from '@sketchgrad/core';

/** Who is told of what goes on all the same: `warn` unless given. */
export const warner = (
  onWarning: ((message: string) => void) | undefined,
): ((message: string) => void) => onWarning ?? warn;
