import type { Backend, KeepChoice, RecomputeMode } from '@sketchgrad/core';
import type { Configuration, Json } from '../checkpoints/progress.js';
import type { ProbeOptions } from '../probe/options.js';
import type { RunOptions } from '../settings/options.js';
import type { RunSettings } from '../settings/settings.js';
import type { StepSource } from '../source/step-source.js';
import { describeEstimator } from './describe-estimator.js';
import { modelParts } from './model-parts.js';

/** What an option's part of the configuration is told. */
interface Run<Sizes extends object> {
  readonly source: StepSource<Sizes>;
  readonly settings: RunSettings;
  /** Of the first step. */
  readonly shape: Sizes;
}

/** An option's part of the configuration, or why a run's numbers do not depend on it. */
type Part = (<Sizes extends object>(run: Run<Sizes>) => Json) | string;

/** Every option: one that is added is added here, or does not compile. */
const PARTS: { readonly [Name in keyof Required<RunOptions>]: Part } = {
  backend: ({ settings: { backend } }) => backendPart(backend),
  epochs: ({ settings: { epochs } }) => epochs,
  learningRate: ({ settings: { learningRate } }) => learningRate,
  schedule: ({ settings: { schedule } }) => schedule.name,
  optimizer: ({ settings: { optimizer } }) => {
    const { kind, ...constants } = optimizer;
    return kind === undefined ? constants : { kind, ...constants };
  },
  optimizerSteps: ({ settings: { options } }) => options.optimizerSteps ?? 0,
  penalty: ({ source: { model }, settings: { options } }) =>
    Object.fromEntries(
      model.parameters
        .map(({ name }) => [name, options.penalty?.(name) ?? 0] as const)
        .filter(([, share]) => share !== 0),
    ),
  estimator: ({ source: { model }, settings: { options }, shape }) =>
    describeEstimator(options.estimator, model, shape),
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
  evaluateEvery: ({ settings: { evaluateEvery } }) => ({ ...evaluateEvery }),
  selectBy: ({ settings: { selectBy } }) => selectBy,
  patience: ({ settings: { options } }) => options.patience ?? null,
  keepBest: ({ settings: { options } }) => options.keepBest ?? false,
  state: 'the weights are in the checkpoint',
  inputs: 'each is a part of its own, by its name',
  checkpoint: 'where and how often a run is saved',
  resume: 'whether a run is continued',
  signal: 'when a run is stopped',
  stopWhen: 'when a run is stopped',
  onSearch: 'tells of the run',
  onChoice: 'tells of the run',
  onStep: 'tells of the run',
  onEpoch: 'tells of the run',
  onEvaluation: 'tells of the run',
  onWarning: 'tells of the run',
};

/** Everything that a run's numbers depend on and that can be told from outside, by option. */
export const configurationOf = <Sizes extends object>(run: Run<Sizes>): Configuration => ({
  ...Object.fromEntries(
    Object.entries<Part>(PARTS).flatMap(([name, part]) =>
      typeof part === 'string' ? [] : [[name, part(run)] as const],
    ),
  ),
  ...run.source.configuration,
  ...inputParts(run.settings.options.inputs),
  ...modelParts(run.source.model, run.shape),
});

/** What the caller says of where a run starts from, each by its name. */
const inputParts = (inputs: Configuration = {}): Configuration =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`inputs.${name}`, value]));

/** A backend's name, with what the machine may have decided: results of other threads have other bits. */
const backendPart = ({ name, settings = {} }: Backend): Json => ({ name, ...settings });

/**
 * What is made again has the same bits as what is kept, but for what is kept in few bits: that which is
 * made again is not rounded.
 */
const recomputePart = (recompute: RecomputeMode, keep: KeepChoice = {}): Json =>
  Object.keys(keep).length > 0 ? recompute : null;

/** A probe that draws takes streams of random numbers that the layers behind it have without it. */
const probePart = (probe: ProbeOptions | undefined): Json =>
  probe
    ? {
        layers: [...probe.layers],
        estimator: describeEstimator(probe.estimator, NO_MODEL, {}),
        every: probe.every ?? 1,
        measured: probe.measured ?? 0,
      }
    : null;

/** One estimator is described without a model. */
const NO_MODEL = {
  build: () => {
    throw new Error('one estimator for all layers needs no model to be described');
  },
};
