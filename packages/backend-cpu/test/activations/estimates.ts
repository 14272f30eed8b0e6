import {
  type Backend,
  type GradientEstimator,
  input,
  newKey,
  trace,
  type Value,
} from '@sketchgrad/core';
import { type Activations, exactGradient } from './activations.js';

/** Estimates made in one run: runs cost more than what they do at these sizes. */
const PER_RUN = 8;

/** What many estimates of one gradient, each by a key of its own, amount to. */
export interface Estimates {
  /** ‖Ĝ − G‖² of each. */
  readonly errors: Float64Array;
  /** ⟨Ĝ − G, G⟩ of each. */
  readonly projections: Float64Array;
  /** The mean of Ĝ − G, [outputs · inputs]. */
  readonly means: Float64Array;
  /** The standard error of that mean. */
  readonly standardErrors: Float64Array;
  /** Σ (Ĝ − G) over each row and each column, in standard errors of its mean: [outputs + inputs]. */
  readonly sums: Float64Array;
}

/**
 * Estimates a layer's weight gradient again and again.
 *
 * @param priorities what an estimator that ranks rows is handed, [rows]
 */
export async function estimates(
  backend: Backend,
  estimator: GradientEstimator,
  of: Activations,
  { keys, seed, priorities }: { keys: number; seed: number; priorities?: Float32Array },
): Promise<Estimates> {
  const executable = await backend.compile(estimateGraph(estimator, of), {
    state: backend.createState(),
  });
  const exact = exactGradient(of);
  const size = exact.length;
  const [sums, squares] = [new Float64Array(size), new Float64Array(size)];
  const lines = of.outputs + of.inputs;
  const line = new Float64Array(lines);
  const [lineSums, lineSquares] = [new Float64Array(lines), new Float64Array(lines)];
  const runs = Math.ceil(keys / PER_RUN);
  const errors = new Float64Array(runs * PER_RUN);
  const projections = new Float64Array(runs * PER_RUN);
  for (let run = 0; run < runs; run++) {
    const outputs = await executable.run({
      x: of.x,
      y: of.y,
      ...(estimator.ranksRows ? { priorities: priorities! } : {}),
      ...(estimator.random ? { key: Int32Array.of(seed, run) } : {}),
    });
    for (let at = 0; at < PER_RUN; at++)
      add(run * PER_RUN + at, outputs[`estimate${at}`] as Float32Array);
  }
  await executable.dispose();

  function add(index: number, estimate: Float32Array): void {
    let squared = 0;
    let along = 0;
    line.fill(0);
    for (let output = 0; output < of.outputs; output++)
      for (let input = 0; input < of.inputs; input++) {
        const i = output * of.inputs + input;
        const error = estimate[i]! - exact[i]!;
        sums[i]! += error;
        squares[i]! += error * error;
        squared += error * error;
        along += error * exact[i]!;
        line[output]! += error;
        line[of.outputs + input]! += error;
      }
    for (let at = 0; at < lines; at++) {
      lineSums[at]! += line[at]!;
      lineSquares[at]! += line[at]! ** 2;
    }
    errors[index] = squared;
    projections[index] = along;
  }
  const count = errors.length;
  const means = sums.map((sum) => sum / count);
  const standardErrors = squares.map((square, i) =>
    Math.sqrt(Math.max(0, square / count - means[i]! ** 2) / (count - 1)),
  );
  const inErrors = lineSums.map((sum, at) => {
    const mean = sum / count;
    const spread = lineSquares[at]! / count - mean ** 2;
    return spread > 0 ? mean / Math.sqrt(spread / (count - 1)) : 0;
  });
  return { errors, projections, means, standardErrors, sums: inErrors };
}

const estimateGraph = (estimator: GradientEstimator, { rows, inputs, outputs }: Activations) =>
  trace(() => {
    const x = input('x', [rows, inputs]);
    const y = input('y', [rows, outputs]);
    const priorities = estimator.ranksRows ? input('priorities', [rows]) : undefined;
    const run = estimator.random ? input('key', [2], 'i32') : undefined;
    const results: Record<string, Value> = {};
    for (let at = 0; at < PER_RUN; at++) {
      const key = run && newKey(run);
      const kept = estimator.keep(x, key, priorities);
      results[`estimate${at}`] = estimator.weightGradient(kept, y, key, inputs);
    }
    return results;
  });
