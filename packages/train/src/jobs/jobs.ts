import type { Graph } from '@sketchgrad/core';
import type { LayerProbe } from '../probe/layer-probe.js';
import { isProbed } from '../probe/options.js';
import type { RunSettings } from '../settings/settings.js';
import type { KnownBatch, KnownStep, StepSource } from '../source/step-source.js';
import type { Job } from '../step/executable-cache.js';
import { heldNames } from '../step/held-inputs.js';
import { traceEvaluation } from '../step/trace-evaluation.js';
import { type Accumulation, traceTrainingStep } from '../step/trace-training-step.js';

/** What an update does with the gradients of its `index`-th of `count` batches. */
export function accumulationOf(
  { accumulates }: Pick<StepSource<object>, 'accumulates'>,
  index: number,
  count: number,
): Accumulation {
  if (!accumulates) return 'none';
  return index === count - 1 ? 'apply' : 'add';
}

/** The inputs of a source's batches that are tensors of the state, by their names. */
export const heldBySteps = ({ held = {} }: Pick<StepSource<object>, 'held'>) =>
  heldNames(Object.keys(held));

/**
 * The graph of each job of a run.
 * @param layerProbe what observes layers in the jobs that are for it
 */
export function tracer<Sizes extends object>(
  source: StepSource<Sizes>,
  { options, recompute, optimizer }: RunSettings,
  layerProbe?: LayerProbe,
) {
  const { keep, clipNorm, penalty } = options;
  const { model, evaluation } = source;
  return ({ work, shape, examples, probe }: Job<Sizes>): Graph => {
    if (work === 'evaluate')
      return traceEvaluation(model, shape, heldNames(evaluation?.held ?? []));
    const estimator = probe ? layerProbe?.estimators(options.estimator) : options.estimator;
    return traceTrainingStep(model, {
      // Where inputs are free is settled before the run, and a probe's layers are watched there too.
      everyLayer: true,
      ...{ optimizer, shape, recompute, examples, held: heldBySteps(source), accumulation: work },
      ...(estimator ? { estimator } : {}),
      ...(keep ? { keep } : {}),
      ...(penalty ? { penalty } : {}),
      ...(clipNorm === undefined ? {} : { clipNorm }),
    });
  };
}

/** What a run will have to execute, as far as its source tells before the first step. */
export async function jobsOf<Sizes extends object>(
  source: StepSource<Sizes>,
  settings: Pick<RunSettings, 'epochs' | 'options'>,
): Promise<Job<Sizes>[]> {
  const steps = await knownSteps(source, settings.epochs);
  const evaluations = [...(await knownEvaluations(source))];
  return [
    ...stepJobs(source, steps, settings),
    ...evaluations.map((each): Job<Sizes> => ({ ...each, work: 'evaluate' })),
  ];
}

/** What updates of these batches have to execute. */
export function* stepJobs<Sizes extends object>(
  source: StepSource<Sizes>,
  steps: Iterable<KnownStep<Sizes>>,
  { options: { probe } }: Pick<RunSettings, 'options'>,
): Iterable<Job<Sizes>> {
  for (const { update, index, of, shape, examples } of steps) {
    const work = accumulationOf(source, index, of);
    const any = probe ? [false, true] : [false];
    for (const probed of update === undefined ? any : [isProbed(probe, update)])
      yield { work, shape, examples, probe: probed };
  }
}

async function knownSteps<Sizes extends object>(
  source: StepSource<Sizes>,
  epochs: number,
): Promise<Iterable<KnownStep<Sizes>>> {
  if (source.known) return source.known(epochs);
  const found: KnownStep<Sizes>[] = [];
  for await (const { batches } of source.updates(0)) {
    for (const [index, make] of batches.entries()) {
      const { shape, examples } = await make();
      found.push({ shape, examples, index, of: batches.length });
    }
    break;
  }
  return found;
}

async function knownEvaluations<Sizes extends object>({
  evaluation,
}: StepSource<Sizes>): Promise<Iterable<KnownBatch<Sizes>>> {
  if (!evaluation) return [];
  if (evaluation.known) return evaluation.known();
  for (const make of evaluation.batches()) return [await make()];
  return [];
}
