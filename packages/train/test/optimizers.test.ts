import { add, input, type Model, multiply, parameter, sum } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import {
  CheckpointMemory,
  type OptimizerOptions,
  optimizerOptions,
  type StepSource,
  type TrainOptions,
  train,
} from '../src/index.js';

const SHAPE = [2, 3];
const START = [0.5, -1, 2, 0, 3, -0.25];
const EXAMPLES = 4;
const LEARNING_RATE = 0.1;

interface Sizes {
  readonly examples: number;
}

/** A model whose gradients are its inputs, of two weights of which one has a decay that nobody asks for. */
const model: Model<Sizes> = {
  parameters: [
    { name: 'weight', shape: SHAPE, decay: true },
    { name: 'other', shape: [1], decay: false },
  ],
  build: () => ({
    loss: add(
      sum(multiply(parameter('weight', SHAPE), input('gradient', SHAPE))),
      sum(parameter('other', [1])),
    ),
  }),
  async initialize(state) {
    await state.write('weight', Float32Array.from(START));
    await state.write('other', Float32Array.of(0));
  },
};

const gradientAt = (step: number): number[] =>
  START.map((_, at) => Math.sin(1 + 2.5 * step + at) * (1 + at));

const source = (accumulates: boolean): StepSource<Sizes> => ({
  model,
  configuration: {},
  ...{ updatesPerEpoch: 3, accumulates },
  *updates(epoch) {
    for (let step = 3 * epoch; step < 3 * epoch + 3; step++) {
      const batch = (times: number, examples: number) => () => ({
        shape: { examples },
        inputs: { gradient: Float32Array.from(gradientAt(step), (g) => g * times) },
        examples,
      });
      yield {
        examples: EXAMPLES,
        // Means over 1 and 3 of the examples, whose mean over all is the gradient.
        batches: accumulates ? [batch(4, 1), batch(0, 3)] : [batch(1, EXAMPLES)],
      };
    }
  },
});

type Rule = (weight: number, gradient: number, memory: number[]) => number;

/** Updates of one number as the papers have them; `memory` is what is kept. */
const RULES: Readonly<Record<string, { readonly options: OptimizerOptions; readonly rule: Rule }>> =
  {
    'descent alone': { options: { kind: 'sgd' }, rule: (p, g) => p - LEARNING_RATE * g },
    'a momentum': {
      options: { kind: 'sgd', momentum: 0.7 },
      rule: (p, g, memory) => {
        memory[0] = 0.7 * (memory[0] ?? 0) + g;
        return p - LEARNING_RATE * memory[0];
      },
    },
    'Nesterov’s momentum': {
      options: { kind: 'sgd', momentum: 0.7, nesterov: true },
      rule: (p, g, memory) => {
        memory[0] = 0.7 * (memory[0] ?? 0) + g;
        return p - LEARNING_RATE * (g + 0.7 * memory[0]);
      },
    },
    RMSProp: {
      options: { kind: 'rmsprop', decay: 0.8, epsilon: 0.01 },
      rule: (p, g, memory) => {
        memory[0] = 0.8 * (memory[0] ?? 0) + 0.2 * g * g;
        return p - (LEARNING_RATE * g) / Math.sqrt(memory[0] + 0.01);
      },
    },
    'RMSProp with a momentum': {
      options: { kind: 'rmsprop', decay: 0.8, epsilon: 0.01, momentum: 0.5 },
      rule: (p, g, memory) => {
        memory[0] = 0.8 * (memory[0] ?? 0) + 0.2 * g * g;
        memory[1] = 0.5 * (memory[1] ?? 0) + (LEARNING_RATE * g) / Math.sqrt(memory[0] + 0.01);
        return p - memory[1];
      },
    },
    Adagrad: {
      options: { kind: 'adagrad', initialAccumulatorValue: 0.3, epsilon: 0.01 },
      rule: (p, g, memory) => {
        memory[0] = (memory[0] ?? 0.3) + g * g;
        return p - (LEARNING_RATE * g) / Math.sqrt(memory[0] + 0.01);
      },
    },
  };

const optionsOf = (more: Partial<TrainOptions>): TrainOptions => ({
  backend: createReferenceBackend(),
  ...{ epochs: 2, learningRate: LEARNING_RATE, ...more },
});

async function weights(accumulates: boolean, more: Partial<TrainOptions>): Promise<number[]> {
  const { state } = await train(source(accumulates), optionsOf(more));
  return [...(await state.read('weight'))];
}

/** The weights after six steps. */
function wanted(rule: Rule, factor: (gradient: readonly number[]) => number = () => 1): number[] {
  const memory = START.map((): number[] => []);
  let weights = START;
  for (let step = 0; step < 6; step++) {
    const gradient = gradientAt(step);
    const scale = factor(gradient);
    weights = weights.map((p, at) => rule(p, gradient[at]! * scale, memory[at]!));
  }
  return weights;
}

const expectNear = (found: readonly number[], expected: readonly number[]) => {
  for (const [at, value] of expected.entries()) expect(found[at]).toBeCloseTo(value, 5);
};

describe.each(Object.entries(RULES))('%s', (_, { options, rule }) => {
  it('updates as its formula says, of gradients as they are and added up', async () => {
    expectNear(await weights(false, { optimizer: options }), wanted(rule));
    expectNear(await weights(true, { optimizer: options }), wanted(rule));
  });

  it('is given clipped gradients', async () => {
    // The other weight's gradient is 1.
    const norm = (gradient: readonly number[]) => Math.hypot(...gradient, 1);
    const clipped = wanted(rule, (gradient) => Math.min(1, 2 / (norm(gradient) + 1e-6)));
    expectNear(await weights(false, { optimizer: options, clipNorm: 2 }), clipped);
    expectNear(await weights(true, { optimizer: options, clipNorm: 2 }), clipped);
  });

  it('goes on from a checkpoint with what it has kept, and with no other', async () => {
    const store = new CheckpointMemory();
    const whole = await weights(false, { optimizer: options });
    const own = { optimizer: options, checkpoint: { store } };
    const stop = new AbortController();
    const interrupted = train(
      source(false),
      optionsOf({ ...own, signal: stop.signal, onStep: ({ step }) => step === 4 && stop.abort() }),
    );
    await expect(interrupted).rejects.toThrow(/interrupted after step 4/);
    await expect(
      train(source(false), optionsOf({ ...own, optimizer: {}, resume: true })),
    ).rejects.toThrow(/optimizer/);
    expect(await weights(false, { ...own, resume: true })).toEqual(whole);
  });
});

it('what is kept is what the rule needs', async () => {
  const bytes = async (optimizer: OptimizerOptions) => {
    const { state } = await train(source(false), optionsOf({ optimizer }));
    return [...state.tensors.keys()].filter((name) => name.startsWith('weight.')).sort();
  };
  expect(await bytes({})).toEqual(['weight.first', 'weight.second']);
  expect(await bytes({ kind: 'sgd' })).toEqual([]);
  expect(await bytes({ kind: 'sgd', momentum: 0.5 })).toEqual(['weight.first']);
  expect(await bytes({ kind: 'rmsprop' })).toEqual(['weight.second']);
  expect(await bytes({ kind: 'adagrad' })).toEqual(['weight.second']);
});

it.each([
  [{ kind: 'adamax' }, /the optimizer's kind must be one of sgd, rmsprop, adagrad/],
  [{ kind: 'sgd', momentum: 1 }, /'sgd''s momentum must be at least 0 and below 1, but it is 1/],
  [{ kind: 'sgd', momentun: 0.5 }, /has no option 'momentun'.*momentum/],
  [{ kind: 'rmsprop', epsilon: 0 }, /epsilon must be a number above 0, but it is 0/],
  [{ kind: 'adagrad', initialAccumulatorValue: -1 }, /must be a number from 0 up, but it is -1/],
])('%o is refused', (given, message) => {
  expect(() => optimizerOptions(given as OptimizerOptions)).toThrow(message);
});

it('goes on with what the model’s initialize writes of moments, and how many updates they are of', async () => {
  const optimizer = { beta1: 0.5, beta2: 0.75, epsilon: 0.1, weightDecay: 0 };
  const whole = await weights(false, { optimizer });
  const { state } = await train(source(false), optionsOf({ optimizer, epochs: 1 }));
  const names = [...state.tensors.keys()];
  const kept = await Promise.all(
    names.map(async (name) => [name, await state.read(name)] as const),
  );
  const continued = {
    ...source(false),
    model: {
      ...model,
      initialize: async (other: typeof state) => {
        for (const [name, data] of kept) await other.write(name, data);
      },
    },
    updates: () => source(false).updates(1),
  };
  const later = await train(continued, optionsOf({ optimizer, epochs: 1, optimizerSteps: 3 }));
  expect([...(await later.state.read('weight'))]).toEqual(whole);
  const anew = await train(continued, optionsOf({ optimizer, epochs: 1 }));
  expect([...(await anew.state.read('weight'))]).not.toEqual(whole);
  await expect(
    train(source(false), optionsOf({ optimizer, optimizerSteps: 3, state })),
  ).rejects.toThrow(/no use beside state/);
});
