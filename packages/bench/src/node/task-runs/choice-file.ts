import { readFile } from 'node:fs/promises';
import { DataError, sentenceShape, UsageError } from '@sketchgrad/core';
import type { EncoderClassifier } from '@sketchgrad/models';
import { writeFileAtomically } from '@sketchgrad/models/node';
import {
  type Candidate,
  chosenEstimators,
  type EstimatorChoice,
  layersOf,
} from '@sketchgrad/train';
import { buildEstimator, parseEstimator, settleEstimator } from '@sketchgrad/train/language';
import { type LinearLayers, reportChosen } from '../../estimators/linear-layers.js';

/** What a budget chose, in a run's folder. */
export const CHOICE_FILE = 'choice.json';

export async function writeChoice(file: string, choice: EstimatorChoice): Promise<void> {
  const text = `${JSON.stringify(choice, null, 2)}\n`;
  await writeFileAtomically(file, (append) => append(Buffer.from(text)));
}

/** Sizes of a step: a model's layers have the same names in all. */
const ANY_SIZE = sentenceShape(1, 1);

/**
 * The estimators of a choice that a budget made before, for this model.
 * @throws DataError for a file that is none, or that is of a model with other layers
 */
export async function readChoice(file: string, model: EncoderClassifier): Promise<LinearLayers> {
  const { layers } = await parsed(file);
  try {
    return {
      report: reportChosen(layers),
      // To the letter: the file says what each layer has.
      option: { estimator: estimatorsOf(layers, model), everyLayer: true },
    };
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw new DataError(file, cause.message, undefined, { cause });
  }
}

/** @throws UsageError for an estimator that there is not, or layers that are not the model's */
function estimatorsOf(layers: EstimatorChoice['layers'], model: EncoderClassifier) {
  const names = [...new Set(layers.map(({ estimator }) => estimator))];
  const candidates = names.map(
    (name): Candidate => ({
      name,
      estimator: buildEstimator(settleEstimator(parseEstimator(name), {})),
    }),
  );
  return chosenEstimators({ layers }, candidates, layersOf(model, ANY_SIZE));
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
    layers.every((each) => [each?.layer, each?.estimator].every((it) => typeof it === 'string'))
  )
    return { layers };
  throw new DataError(file, 'is no choice of estimators such as a run with a budget leaves');
}
