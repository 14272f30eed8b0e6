import { add, input, multiply, parameter, sentenceShape, sum, UsageError } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import fixtures from '../fixtures/pytorch.json' with { type: 'json' };
import {
  type Accumulation,
  ADAMW_DEFAULTS,
  adamwOptions,
  adamwSettings,
  type TrainableModel,
  traceTrainingStep,
} from '../src/index.js';

const PARAMETERS = [
  { name: 'weight', shape: [2, 3], decay: true },
  { name: 'bias', shape: [3], decay: false },
] as const;

/** A model whose gradients are its inputs: Σ parameter · gradient. */
const model: TrainableModel = {
  parameters: PARAMETERS,
  build() {
    const terms = PARAMETERS.map(({ name, shape }) =>
      sum(multiply(parameter(name, shape), input(`d${name}`, shape))),
    );
    const loss = add(terms[0]!, terms[1]!);
    return { loss, predictions: loss };
  },
  inputs: () => ({}),
  initialize: async () => {},
};

type Case = (typeof fixtures.updates)[number];

async function prepare({ clipNorm, start }: Case, batchSize = 1) {
  const backend = createReferenceBackend();
  const state = backend.createState();
  const compile = (accumulation: Accumulation) =>
    backend.compile(
      traceTrainingStep(model, {
        shape: sentenceShape(batchSize, 1),
        accumulation,
        examples: batchSize,
        ...(clipNorm === null ? {} : { clipNorm }),
      }),
      { state },
    );
  const write = async () => {
    await state.write('weight', Float32Array.from(start[0]!));
    await state.write('bias', Float32Array.from(start[1]!));
  };
  const expectTensor = async (name: string, expected: readonly number[]) => {
    const actual = await state.read(name);
    expect(actual.length).toBe(expected.length);
    // 1 − β is taken of a β in f32, which is off by a millionth where β = 0.98.
    actual.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-7 + 1e-6 * Math.abs(expected[i]!));
    });
  };
  return { compile, write, expectTensor, state };
}

const gradientInputs = (gradients: readonly number[][], factor = 1) => ({
  dweight: Float32Array.from(gradients[0]!, (g) => g * factor),
  dbias: Float32Array.from(gradients[1]!, (g) => g * factor),
});

describe.each(fixtures.updates)('AdamW with clipNorm $clipNorm', (numbers) => {
  it("makes PyTorch's updates", async () => {
    const { compile, write, expectTensor } = await prepare(numbers);
    const executable = await compile('none');
    await write();
    for (const [step, { learningRate, gradients, parameters }] of numbers.steps.entries()) {
      const settings = adamwSettings(ADAMW_DEFAULTS, { learningRate, step });
      await executable.run({ ...gradientInputs(gradients), settings });
      await expectTensor('weight', parameters[0]!);
      await expectTensor('bias', parameters[1]!);
    }
    const names = ['weight.first', 'weight.second', 'bias.first', 'bias.second'];
    for (const [i, name] of names.entries()) await expectTensor(name, numbers.moments[i]!);
  });

  it('makes the same updates of gradients that came in parts', async () => {
    const { compile, write, expectTensor, state } = await prepare(numbers, 3);
    const adding = await compile('add');
    const applying = await compile('apply');
    await write();
    for (const [step, { learningRate, gradients, parameters }] of numbers.steps.entries()) {
      // Means over three examples each; a fourth batch would weigh as much as each of these.
      await adding.run(gradientInputs(gradients, 0.5));
      await adding.run(gradientInputs(gradients, 2));
      const gradientScale = 1 / 9;
      const settings = adamwSettings(ADAMW_DEFAULTS, { learningRate, step, gradientScale });
      await applying.run({ ...gradientInputs(gradients, 0.5), settings });
      await expectTensor('weight', parameters[0]!);
      await expectTensor('bias', parameters[1]!);
      expect(await state.read('weight.gradient')).toEqual(new Float32Array(6));
    }
  });
});

describe('AdamW', () => {
  it("fills in the settings in core's order", () => {
    const options = { beta1: 0.5, beta2: 0.75, epsilon: 1, weightDecay: 2 };
    const settings = adamwSettings(options, { learningRate: 4, step: 1, gradientScale: 0.25 });
    expect([...settings]).toEqual([4, 0.5, 0.75, 1, 2, 0.75, 0.4375, 0.25]);
    expect(adamwSettings(options, { learningRate: 4, step: 0 })[7]).toBe(1);
  });

  it("has the paper's constants unless told otherwise", () => {
    expect(adamwOptions()).toEqual({ beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.1 });
    expect(adamwOptions({ weightDecay: 0 })).toEqual({ ...ADAMW_DEFAULTS, weightDecay: 0 });
  });

  it.each([
    [{ beta1: 1 }, "AdamW's beta1 must be at least 0 and below 1, but it is 1"],
    [{ beta2: -0.1 }, "AdamW's beta2 must be at least 0 and below 1, but it is -0.1"],
    [{ epsilon: 0 }, "AdamW's epsilon must be a number above 0, but it is 0"],
    [{ weightDecay: Number.NaN }, "AdamW's weightDecay must be a number from 0 up, but it is NaN"],
  ])('refuses %o', (options, message) => {
    expect(() => adamwOptions(options)).toThrow(new UsageError(message));
  });
});
