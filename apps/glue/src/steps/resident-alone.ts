import { spawn } from 'node:child_process';
import { BackendError } from '@sketchgrad/core';
import type { StepOptions, StepResult } from '../commands/step.js';
import type { EstimatorName } from '../options/estimators.js';

/** Steps after which a process's peak has long been reached, at most. */
const STEPS = 10;

/**
 * The peak resident memory of each estimator's steps: of this same command in a process of its own,
 * one after the other, each with this estimator alone.
 */
export async function residentPeakAlone(
  options: StepOptions,
  onStart: (estimator: EstimatorName) => void,
): Promise<(number | null)[]> {
  const found: (number | null)[] = [];
  for (const estimator of options.estimator) {
    onStart(estimator);
    found.push(await residentPeak(options, estimator));
  }
  return found;
}

async function residentPeak(options: StepOptions, estimator: EstimatorName) {
  const output = await outputOf([
    ...process.execArgv,
    process.argv[1]!,
    'step',
    ...argumentsOf({ ...options, estimator: [estimator], steps: Math.min(options.steps, STEPS) }),
  ]);
  const { results } = JSON.parse(output) as { readonly results: readonly StepResult[] };
  return results[0]!.residentPeakBytes;
}

/** Options as they are typed. */
const argumentsOf = ({ randomWeights, json: _, ...valued }: StepOptions): string[] => [
  '--json',
  ...(randomWeights ? ['--random-weights'] : []),
  ...Object.entries(valued).map(
    ([name, value]) =>
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}=${value}`,
  ),
];

/** What Node prints when it is run with these arguments. */
function outputOf(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const end = () => child.kill();
    process.once('exit', end);
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('exit', end);
      if (code === 0) resolve(output);
      else
        reject(
          new BackendError(
            `measuring memory ended with ${signal ?? `exit code ${code}`}: ${errors.trim()}`,
          ),
        );
    });
  });
}
