import { spawn } from 'node:child_process';
import { BackendError } from '@sketchgrad/core';
import {
  type EstimatorSpec,
  formatEstimator,
  keepText,
  settleEstimator,
} from '@sketchgrad/train/language';
import type { StepOptions, StepResult } from './measured.js';

/** Steps after which a process's peak has long been reached, at most. */
const STEPS = 10;

/**
 * The peak resident memory of each estimator's steps: of this same command in a process of its own,
 * one after the other, each with this estimator alone.
 */
export async function residentPeakAlone(
  options: StepOptions,
  onStart: (estimator: string) => void,
): Promise<(number | null)[]> {
  const found: (number | null)[] = [];
  for (const estimator of options.estimator) {
    onStart(formatEstimator(estimator));
    found.push(await residentPeak(options, estimator));
  }
  return found;
}

async function residentPeak(options: StepOptions, estimator: EstimatorSpec) {
  const output = await outputOf([
    ...process.execArgv,
    process.argv[1]!,
    'step',
    ...argumentsOf(options, estimator),
  ]);
  const { results } = JSON.parse(output) as { readonly results: readonly StepResult[] };
  return results[0]!.residentPeakBytes;
}

/** The command's options as they are typed, with one estimator and all of its settings. */
function argumentsOf(options: StepOptions, estimator: EstimatorSpec): string[] {
  const valued = {
    model: options.model,
    backend: options.backend,
    threads: options.threads,
    estimator: formatEstimator(settleEstimator(estimator, options)),
    recompute: options.recompute,
    'batch-size': options.batchSize,
    sequence: options.sequence,
    'last-layer': options.lastLayer,
    seed: options.seed,
    steps: Math.min(options.steps, STEPS),
    keep: options.keep && keepText(options.keep),
  };
  return [
    '--json',
    ...(options.randomWeights ? ['--random-weights'] : []),
    ...(options.everyLayer && estimator.estimator !== 'dense' ? ['--every-layer'] : []),
    ...Object.entries(valued).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}=${value}`],
    ),
  ];
}

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
