import {
  type Backend,
  type GradientEstimator,
  input,
  KEY_INPUT,
  newKey,
  probedMoments,
  probeOutputs,
  type TensorData,
  trace,
} from '@sketchgrad/core';

/** Draws of one run of the graph, of the probed step as of those behind it. */
export const DRAWS = 32;

/** The standard error of a variance that draws are averaged up to, as a share of it, and runs at most. */
const WANTED = { error: 0.02, runs: 128 };

type Tensors = Readonly<Record<string, TensorData>>;

/** A layer that was probed with its matrices. */
interface Drawn {
  readonly layer: string;
  /** Features of its X. */
  readonly inputs: number;
  readonly estimator: GradientEstimator;
  /** What the step returned: X and Y among it, and terms of {@link DRAWS} draws. */
  readonly outputs: Tensors;
  /** Updates made, this one included: each step has draws of its own. */
  readonly step: number;
}

/** A variance that is an average over draws, and its standard error. */
export interface AveragedVariance {
  readonly variance: number;
  readonly error: number;
}

/**
 * Averages an estimator's variance at a step's X and Y over as many draws as make its standard error
 * at most 2 %, or 4,096. The same numbers each time, so that a resumed run tells what it would have told.
 *
 * @throws UsageError where a sum overflowed; what the backend throws
 */
export async function averageDraws(
  backend: Backend,
  { layer, inputs, estimator, outputs, step }: Drawn,
): Promise<AveragedVariance> {
  const names = probeOutputs(layer);
  const found = (terms: Tensors) => {
    const moments = probedMoments(
      { ...outputs, ...terms },
      { layer, inputs, estimators: [estimator] },
    );
    return { variance: estimator.variance(moments), error: estimator.varianceError!(moments) };
  };
  const runs = [found({})];
  let average = runs[0]!;
  if (isKnown(average)) return average;
  const [x, y] = [outputs[names.x]!, outputs[names.y]!];
  const rows = x.length / inputs;
  const graph = trace(() => {
    const key = input(KEY_INPUT, [2], 'i32');
    const terms = estimator.varianceTerms!(
      input('x', [rows, inputs]),
      input('y', [rows, y.length / rows]),
      { keys: Array.from({ length: DRAWS }, () => newKey(key)), priorities: undefined },
    );
    return Object.fromEntries(
      Object.entries(terms).map(([name, value]) => [names.term(0) + name, value]),
    );
  });
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  try {
    while (!isKnown(average) && runs.length < WANTED.runs) {
      // Seeds of runs are not negative.
      const key = Int32Array.of(-1 - runs.length, step);
      runs.push(found(await executable.run({ x, y, key })));
      average = {
        variance: runs.reduce((sum, run) => sum + run.variance, 0) / runs.length,
        error: Math.hypot(...runs.map((run) => run.error)) / runs.length,
      };
    }
  } finally {
    await executable.dispose();
    await state.dispose();
  }
  return average;
}

/** Whether an average's error is small enough. */
export const isKnown = ({ variance, error }: AveragedVariance): boolean =>
  error <= WANTED.error * variance;
