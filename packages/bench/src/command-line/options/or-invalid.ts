import { UsageError } from '@sketchgrad/core';
import { InvalidArgumentError } from 'commander';

/** As an option's parser says it. */
export function orInvalid<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new InvalidArgumentError(`${error.message}.`);
  }
}
