import type { Backend, KeepChoice, RecomputeMode } from '@sketchgrad/core';
import type { Configuration, Json } from '../checkpoints/progress.js';
import type { TrainableModel, TrainingData } from '../model.js';
import type { ProbeOptions } from '../probe/options.js';
import { describeEstimator } from './describe-estimator.js';
import { jobsOf } from './jobs.js';
import { modelParts } from './model-parts.js';
import type { FineTuneOptions } from './options.js';
import type { Settings } from './settings.js';

/** What an option's part of the configuration is told. */
interface Run {
  readonly model: TrainableModel;
  readonly settings: Settings;
}

/** An option's part of the configuration, or why a run's numbers do not depend on it. */
type Part = ((run: Run) => Json) | string;

/** Every option: one that is added is added here, or does not compile. */
const PARTS: { readonly [Name in keyof Required<FineTuneOptions>]: Part } = {
  backend: ({ settings: { backend } }) => backendPart(backend),
  data: ({ settings: { data } }) => fingerprint(data),
  evaluation: ({ settings: { options } }) =>
    options.evaluation
      ? {
          data: fingerprint(options.evaluation.data),
          metrics: [...options.evaluation.metrics],
        }
      : null,
  epochs: ({ settings: { epochs } }) => epochs,
  batchSize: ({ settings: { cut } }) => cut.batchSize,
  accumulate: ({ settings: { cut } }) => cut.accumulate,
  learningRate: ({ settings: { learningRate } }) => learningRate,
  schedule: ({ settings: { schedule } }) => schedule.name,
  optimizer: ({ settings: { optimizer } }) => ({ ...optimizer }),
  estimator({ model, settings }) {
    const [first] = jobsOf(settings);
    return describeEstimator(settings.options.estimator, model, first!.shape);
  },
  everyLayer: 'what it makes of the estimator is in the estimator',
  memoryBudget: 'what it chooses is in the estimator',
  budgetOf: 'what it chooses is in the estimator',
  noiseBudget: 'what it chooses is in the estimator',
  candidates: 'what is chosen among them is in the estimator',
  priorities: ({ settings: { priorities } }) => priorities,
  probe: ({ settings: { options } }) => probePart(options.probe),
  keep: ({ settings: { options } }) => ({ ...options.keep }),
  recompute: ({ settings: { recompute, options } }) => recomputePart(recompute, options.keep),
  seed: ({ settings: { seed } }) => seed,
  clipNorm: ({ settings: { options } }) => options.clipNorm ?? null,
  state: 'the weights are in the checkpoint',
  inputs: 'each is a part of its own, by its name',
  checkpoint: 'where and how often a run is saved',
  resume: 'whether a run is continued',
  signal: 'when a run is stopped',
  onSearch: 'tells of the run',
  onChoice: 'tells of the run',
  onStep: 'tells of the run',
  onEpoch: 'tells of the run',
  onWarning: 'tells of the run',
};

/** Everything that a run's numbers depend on and that can be told from outside, by option. */
export function configurationOf(model: TrainableModel, settings: Settings): Configuration {
  const [first] = jobsOf(settings);
  return {
    ...configurationBy(PARTS, { model, settings }),
    ...inputParts(settings.options.inputs),
    ...modelParts(model, first!.shape),
  };
}

/** What the caller says of where a run starts from, each by its name. */
export const inputParts = (inputs: Configuration = {}): Configuration =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`inputs.${name}`, value]));

/** The parts of all options that have one. */
export const configurationBy = <Told>(
  parts: Readonly<Record<string, ((told: Told) => Json) | string>>,
  told: Told,
): Configuration =>
  Object.fromEntries(
    Object.entries(parts).flatMap(([name, part]) =>
      typeof part === 'string' ? [] : [[name, part(told)] as const],
    ),
  );

/** A backend's name, with what the machine may have decided: results of other threads have other bits. */
export const backendPart = ({ name, settings = {} }: Backend): Json => ({ name, ...settings });

/**
 * What is made again has the same bits as what is kept, but for what is kept in few bits: that which is
 * made again is not rounded.
 */
export const recomputePart = (recompute: RecomputeMode, keep: KeepChoice = {}): Json =>
  Object.keys(keep).length > 0 ? recompute : null;

/** A probe that draws takes streams of random numbers that the layers behind it have without it. */
const probePart = (probe: ProbeOptions | undefined): Json =>
  probe
    ? {
        layers: [...probe.layers],
        estimator: describeEstimator(probe.estimator, NO_MODEL, { batchSize: 1, sequence: 1 }),
        every: probe.every ?? 1,
        measured: probe.measured ?? 0,
      }
    : null;

/** One estimator is described without a model. */
const NO_MODEL: Pick<TrainableModel, 'build'> = {
  build: () => {
    throw new Error('one estimator for all layers needs no model to be described');
  },
};

/** How many examples a fingerprint looks at, so that it costs nothing on large data either. */
const SAMPLES = 1024;

/** Tells data sets apart: how many examples there are, and a checksum of some of them. */
function fingerprint(data: TrainingData): string {
  // FNV-1a, 32 bits.
  let hash = 0x811c9dc5;
  const count = Math.min(SAMPLES, data.length);
  for (let i = 0; i < count; i++) {
    const { tokenIds, tokenTypeIds, attentionMask, labels } = data.batch([
      Math.floor((i * data.length) / count),
    ]);
    for (const values of [tokenIds, tokenTypeIds, attentionMask, ...(labels ? [labels] : [])])
      for (const byte of new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
        hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return `${data.length} examples, ${(hash >>> 0).toString(16).padStart(8, '0')}`;
}
