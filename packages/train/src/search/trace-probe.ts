import {
  backward,
  compressKept,
  type GradientEstimator,
  type Graph,
  input,
  type KeepChoice,
  type LayerEstimators,
  type Model,
  mergeEqual,
  parameter,
  probed,
  type RecomputeMode,
  recompute,
  trace,
  withData,
} from '@sketchgrad/core';
import { NOTHING } from '../free-inputs/nothing.js';
import { normsAlone } from './norms-alone.js';

/** The graph input from which draws are made, i32 [2]: others leave the step's own dropout as it is. */
export const DRAW_KEY = 'drawKey';

/** The estimators that are looked at in a layer; undefined for one that is not looked at. */
export type LayerEstimatorsOf = (layer: string) => readonly GradientEstimator[] | undefined;

/** What a step that is probed is like. */
export interface ProbedStep<Sizes> {
  readonly shape: Sizes;
  /** Inputs that are tensors of the state, by their names. */
  readonly held: Readonly<Record<string, string>>;
  /**
   * Whose variances are wanted of a layer; undefined where nothing is wanted of it. Unless given, norms
   * of cotangents' rows are all that is.
   */
  readonly estimators?: LayerEstimatorsOf | undefined;
  /** Draws of what is averaged over draws; without any there is no input for their key. */
  readonly draws: number;
  /** As in the steps that follow: few bits kept change cotangents. */
  readonly recompute: RecomputeMode;
  readonly keep?: KeepChoice | undefined;
}

/**
 * A forward and backward pass that updates nothing and returns what core's `probed` observes of all
 * the model's linear layers, or the norms of their cotangents' rows alone.
 */
export function traceProbe<Sizes>(
  model: Model<Sizes>,
  { shape, held, estimators, draws, recompute: mode, keep = {} }: ProbedStep<Sizes>,
): Graph {
  const graph = trace(() => {
    const drawKey = draws > 0 ? input(DRAW_KEY, [2], 'i32') : undefined;
    const estimator: LayerEstimators = ({ name, starts, used }) => {
      if (!estimators) return normsAlone(name);
      const wanted = estimators(name);
      if (!wanted) return NOTHING;
      return probed({
        ...{ layer: name, estimators: wanted, draws },
        ...(starts && { starts }),
        ...(used && { used }),
        ...(drawKey && { drawKey }),
      });
    };
    const { loss } = withData(held, () => model.build({ shape, training: true, keep, estimator }));
    const values = model.parameters.map(({ name, shape }) => parameter(name, shape));
    backward(loss, values, () => {});
    return { loss };
  });
  return compressKept(recompute(mergeEqual(graph), mode), keep);
}
