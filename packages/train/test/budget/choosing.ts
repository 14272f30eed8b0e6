import { gaussian, rmm } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import {
  type Candidate,
  defaultCandidates,
  type EstimatorChoice,
  type FineTuneOptions,
} from '../../src/index.js';
import { jobsOf } from '../../src/jobs/jobs.js';
import { fitBudget } from '../../src/search/fit-budget.js';
import { checkedRun } from '../../src/sentences/fine-tune.js';
import { tinyData } from '../tiny-model.js';
import { tokenNetwork as model } from './token-network.js';

/** 40 examples of 2 to 5 tokens in batches of 8. */
export const base = (): FineTuneOptions => ({
  backend: createReferenceBackend(),
  data: tinyData({ count: 40 }),
  epochs: 1,
  batchSize: 8,
  recompute: 'none',
  seed: 3,
});

// Some of each kind: all choices of them are gone through.
const KINDS =
  /^(dense|quantized:[28]|quantized:mixed:2|rmm:count:0.[52]|rows:norm:0.[52]|wta-crs:0.2|exact:[24]|rmm-.*:0.2:2)$/;
export const candidates: Candidate[] = [
  ...defaultCandidates().filter(({ name }) => KINDS.test(name)),
  { name: 'rmm:gaussian:0.2', estimator: rmm({ sketch: gaussian(), rate: 0.2 }) },
];
export const LAYERS = ['hiddenA', 'hiddenB', 'hiddenC'];

/** The chooser's answer. */
export async function choose(budget: Partial<FineTuneOptions>): Promise<EstimatorChoice> {
  const { source, settings } = checkedRun(model, { ...base(), candidates, ...budget });
  const jobs = await jobsOf(source, settings);
  const state = settings.backend.createState();
  const initialize = () => model.initialize(state, { seed: settings.seed });
  const { choice } = await fitBudget(source, settings, settings.budget!, {
    ...{ jobs, state, initialize },
  });
  return choice;
}
