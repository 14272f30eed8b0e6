import { describe, expect, it } from 'vitest';
import {
  constantSchedule,
  linearSchedule,
  polynomialSchedule,
  type Schedule,
} from '../src/index.js';

// Expected numbers: transformers 5.23.0, get_linear_schedule_with_warmup and
// get_polynomial_decay_schedule_with_warmup at learning rate 2e-5, warm-up ⌈0.06 · total⌉ steps.

const STEPS = [0, 1, 3, 6, 7, 25, 49, 50, 99, 100, 101];

function expectFactors(schedule: Schedule, totalSteps: number, factors: Record<number, number>) {
  for (const [step, factor] of Object.entries(factors)) {
    expect(schedule.factor(Number(step), totalSteps), `step ${step}`).toBeCloseTo(factor, 14);
  }
}

const at = (factors: readonly number[], steps: readonly number[] = STEPS) =>
  Object.fromEntries(factors.map((factor, i) => [steps[i], factor]));

describe('linearSchedule', () => {
  it('equals transformers with 6 % warm-up', () => {
    const factors = [
      0.0, 0.16666666666666666, 0.5, 1.0, 0.9893617021276596, 0.7978723404255319,
      0.5425531914893617, 0.5319148936170213, 0.010638297872340425, 0.0, 0.0,
    ];
    expectFactors(linearSchedule({ warmup: 0.06 }), 100, at(factors));
  });

  it('rounds the warm-up up to whole steps', () => {
    expectFactors(linearSchedule({ warmup: 0.06 }), 17, { 0: 0, 1: 0.5, 2: 1, 3: 14 / 15, 17: 0 });
  });

  it('falls from the first step where there is no warm-up', () => {
    expectFactors(linearSchedule(), 4, { 0: 1, 1: 0.75, 2: 0.5, 3: 0.25, 4: 0 });
  });
});

describe('polynomialSchedule', () => {
  it('equals transformers with the final learning rate 1e-7', () => {
    const factors = [
      0.0, 0.16666666666666666, 0.5, 1.0, 0.9894148936170213, 0.7988829787234042, 0.544840425531915,
      0.5342553191489362, 0.015585106382978681, 0.004999999999999999, 0.004999999999999999,
    ];
    expectFactors(polynomialSchedule({ warmup: 0.06, end: 0.005 }), 100, at(factors));
  });

  it('equals transformers with power 2 and the final learning rate 2e-6', () => {
    const factors = [
      0.0, 0.16666666666666666, 0.5, 1.0, 0.980952919873246, 0.6729402444545043,
      0.36492756903576284, 0.3546401086464463, 0.10010185604345856, 0.1, 0.1,
    ];
    expectFactors(polynomialSchedule({ warmup: 0.06, power: 2, end: 0.1 }), 100, at(factors));
  });

  it('survives a run that is all warm-up', () => {
    expectFactors(polynomialSchedule({ warmup: 1 }), 2, { 0: 0, 1: 0.5, 2: 0 });
  });
});

describe('constantSchedule', () => {
  it('stays at 1 after the warm-up', () => {
    expectFactors(constantSchedule({ warmup: 0.5 }), 4, { 0: 0, 1: 0.5, 2: 1, 3: 1 });
    expectFactors(constantSchedule(), 4, { 0: 1, 3: 1 });
  });
});

describe('every schedule', () => {
  it('has a name that says all its settings', () => {
    expect(linearSchedule({ warmup: 0.06 }).name).toBe('linear(warmup=0.06)');
    expect(constantSchedule().name).toBe('constant(warmup=0)');
    expect(polynomialSchedule({ power: 2 }).name).toBe('polynomial(warmup=0, power=2, end=0)');
  });

  it('refuses shares outside 0 to 1 and powers that are not positive', () => {
    for (const warmup of [-0.1, 1.5, Number.NaN]) {
      for (const make of [constantSchedule, linearSchedule, polynomialSchedule]) {
        expect(() => make({ warmup })).toThrow(
          `warmup must be a share from 0 to 1, but it is ${warmup}`,
        );
      }
    }
    expect(() => polynomialSchedule({ end: 2 })).toThrow('end must be a share');
    expect(() => polynomialSchedule({ power: 0 })).toThrow('power must be a positive number');
  });
});
