import { UsageError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { checkSameConfiguration } from '../src/checkpoints/same-configuration.js';

const saved = { learningRate: 5e-5, estimator: 'rmm-gaussian', betas: [0.9, 0.98], clipNorm: null };

describe('checkSameConfiguration', () => {
  it('takes equal settings in any order', () => {
    const current = { betas: [0.9, 0.98], clipNorm: null, estimator: 'rmm-gaussian' };
    checkSameConfiguration('run', saved, { ...current, learningRate: 0.00005 });
  });

  it('names every setting that differs, with both values', () => {
    const current = { ...saved, learningRate: 1e-4, betas: [0.9, 0.999], extra: true };
    expect(() => checkSameConfiguration('run/step', saved, current)).toThrow(
      'run/step is of a run with other settings: learningRate (0.00005 there, 0.0001 here), ' +
        'betas ([0.9,0.98] there, [0.9,0.999] here), extra (not set there, true here). ' +
        'Resume with the settings of that run, or start a new one in another directory',
    );
  });

  it('tells a setting that is null from one that is not there', () => {
    const { clipNorm: _, ...without } = saved;
    expect(() => checkSameConfiguration('run', saved, without)).toThrow(UsageError);
    expect(() => checkSameConfiguration('run', saved, without)).toThrow(
      'clipNorm (null there, not set here)',
    );
  });
});
