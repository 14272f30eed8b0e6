import { readFile } from 'node:fs/promises';
import {
  buildEstimator,
  chosenEstimator,
  type LinearLayers,
  parseEstimator,
  reportChosen,
} from '@sketchgrad/bench/command-line';
import { DataError, UsageError } from '@sketchgrad/core';
import { writeFileAtomically } from '@sketchgrad/models';
import { type Candidate, chosenEstimators, type EstimatorChoice } from '@sketchgrad/train';

/** What a budget chose, in a run's folder. */
export const CHOICE_FILE = 'choice.json';

export async function writeChoice(file: string, choice: EstimatorChoice): Promise<void> {
  const text = `${JSON.stringify(choice, null, 2)}\n`;
  await writeFileAtomically(file, (append) => append(Buffer.from(text)));
}

/**
 * The estimators of a choice that a budget made before.
 * @throws DataError for a file that is none
 */
export async function readChoice(file: string): Promise<LinearLayers> {
  const { layers } = await parsed(file);
  const names = [...new Set(layers.map(({ estimator }) => estimator))];
  const candidates = names.map((name): Candidate => {
    try {
      return { name, estimator: buildEstimator(chosenEstimator(parseEstimator(name), {})) };
    } catch (cause) {
      if (!(cause instanceof UsageError)) throw cause;
      throw new DataError(file, cause.message, undefined, { cause });
    }
  });
  return {
    report: reportChosen(layers),
    // To the letter: the file says what each layer has.
    option: { estimator: chosenEstimators({ layers }, candidates), everyLayer: true },
  };
}

async function parsed(file: string): Promise<Pick<EstimatorChoice, 'layers'>> {
  let found: Partial<EstimatorChoice>;
  try {
    found = JSON.parse(await readFile(file, 'utf8')) as Partial<EstimatorChoice>;
  } catch (cause) {
    throw new DataError(file, `cannot be read: ${(cause as Error).message}`, undefined, { cause });
  }
  const { layers } = found ?? {};
  if (
    Array.isArray(layers) &&
    layers.every(({ layer, estimator }) => [layer, estimator].every((it) => typeof it === 'string'))
  )
    return { layers };
  throw new DataError(file, 'is no choice of estimators such as a run with a budget leaves');
}
