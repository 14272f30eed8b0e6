import {
  estimatorOf,
  gather,
  input,
  linear,
  type Model,
  newKey,
  parameter,
  quantized,
  reshape,
  rows,
  scale,
  squaredNorm,
  subtract,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import {
  CheckpointMemory,
  InterruptedError,
  type StepSource,
  type TrainOptions,
  train,
} from '../src/index.js';

/** Sizes that are neither sentences' nor a graph's. */
interface Sizes {
  readonly pixels: number;
}

const [PATCHES, WIDTH, CLASSES] = [6, 4, 2];

/** A score of each pixel's colour, looked up and projected: integers and floats of names of its own. */
const painter: Model<Sizes> = {
  parameters: [
    { name: 'colours', shape: [PATCHES, WIDTH], decay: true },
    { name: 'mix', shape: [CLASSES, WIDTH], decay: true },
  ],
  build({ shape: { pixels }, training, estimator }) {
    const x = gather(parameter('colours', [PATCHES, WIDTH]), input('palette', [pixels], 'i32'));
    const layer = { name: 'mix', rows: pixels, inputs: WIDTH, outputs: CLASSES };
    const own = estimator && {
      estimator: estimatorOf(estimator, layer),
      ...{ name: 'mix', key: newKey(input('key', [2], 'i32')) },
    };
    const y = linear(x, parameter('mix', [CLASSES, WIDTH]), undefined, training ? own : undefined);
    const error = subtract(y, reshape(input('wanted', [pixels * CLASSES]), [pixels, CLASSES]));
    return { loss: scale(squaredNorm(error), 1 / pixels), painted: y };
  },
  async initialize(state, { seed }) {
    for (const { name, shape } of this.parameters) {
      const count = shape.reduce((product, size) => product * size, 1);
      await state.write(
        name,
        Float32Array.from({ length: count }, (_, i) => Math.sin(1 + seed + i + name.length)),
      );
    }
  },
};

const batchOf = (first: number, pixels: number) => () => {
  const indices = Array.from({ length: pixels }, (_, i) => first + i);
  const attentionMask = indices.map(() => 1);
  return {
    shape: { pixels },
    inputs: {
      palette: Int32Array.from(indices, (i) => i % PATCHES),
      wanted: Float32Array.from(indices.flatMap((i) => [i % PATCHES, (i % PATCHES) / 2])),
    },
    examples: pixels,
    rows: () => ({ indices, starts: [...indices.keys(), pixels], attentionMask }),
  };
};

/** 20 pixels, 8 a batch; each batch in two where gradients are added up. */
const source = (
  change: Partial<StepSource<Sizes>> = {},
  accumulates = false,
): StepSource<Sizes> => ({
  model: painter,
  configuration: { data: '20 pixels' },
  ...{ updatesPerEpoch: 3, examples: 20, accumulates },
  async *updates() {
    for (const first of [0, 8, 16]) {
      const pixels = Math.min(8, 20 - first);
      const whole = [batchOf(first, pixels)];
      const halves = [batchOf(first, pixels / 2), batchOf(first + pixels / 2, pixels / 2)];
      yield { examples: pixels, batches: accumulates ? halves : whole };
    }
  },
  evaluation: {
    scores: ['closeness'],
    batches: () => [batchOf(0, 6), batchOf(6, 4)],
    judge() {
      let [sum, count] = [0, 0];
      return {
        add: ({ inputs }, { painted }) => {
          for (const [i, value] of painted!.entries()) sum += Math.abs(value - inputs.wanted![i]!);
          count += painted!.length;
        },
        scores: () => ({ closeness: -sum / count }),
      };
    },
  },
  ...change,
});

const options = (more: Partial<TrainOptions> = {}): TrainOptions => ({
  backend: createReferenceBackend(),
  ...{ epochs: 12, learningRate: 0.1, seed: 5, ...more },
});

async function outcome(run: Awaited<ReturnType<typeof train>>) {
  const { loss, evaluations, best, steps, state } = run;
  return { loss, evaluations, best, steps, mix: await state.read('mix') };
}

/** Steps so large that the loss rises again. */
const WILD = { epochs: 40, learningRate: 1, selectBy: 'loss' } as const;

describe('a source of steps of one’s own', () => {
  it('is trained, evaluated by loss and scores, and planned to the byte', async () => {
    const run = await train(source(), options({ epochs: 60 }));
    expect(run.loss.at(-1)).toBeLessThan(run.loss[0]! / 20);
    expect(run.steps).toBe(180);
    expect(run.evaluations).toHaveLength(60);
    const { loss, metrics } = run.best!;
    expect(metrics.closeness).toBe(
      Math.max(...run.evaluations.map((each) => each.metrics.closeness!)),
    );
    expect(loss).toBeLessThan(run.evaluations[0]!.loss);
    expect(run.measuredPeakBytes).toBe(run.plan.peakBytes);
  });

  it('gives the mean loss of an epoch and of an evaluation over examples, not batches', async () => {
    // A step so small that it changes nothing that is looked at.
    const { loss, evaluations, state } = await train(
      source(),
      options({ epochs: 1, learningRate: 1e-12 }),
    );
    const colours = [...(await state.read('colours'))];
    const mix = await state.read('mix');
    const of = (i: number) => {
      const row = colours.slice(WIDTH * (i % PATCHES), WIDTH * (1 + (i % PATCHES)));
      return [0, 1].reduce((sum, c) => {
        const y = row.reduce((total, value, at) => total + value * mix[c * WIDTH + at]!, 0);
        return sum + (y - (i % PATCHES) / (1 + c)) ** 2;
      }, 0);
    };
    const mean = (count: number) =>
      Array.from({ length: count }, (_, i) => of(i)).reduce((sum, each) => sum + each, 0) / count;
    expect(loss[0]).toBeCloseTo(mean(20), 5);
    expect(evaluations[0]!.loss).toBeCloseTo(mean(10), 5);
  });

  it('adds gradients up where its updates are of several batches', async () => {
    const whole = await outcome(await train(source(), options()));
    const halves = await outcome(await train(source({}, true), options()));
    for (const [i, value] of halves.mix.entries()) expect(value).toBeCloseTo(whole.mix[i]!, 4);
    const two = source({ accumulates: false });
    const wrong = { ...source({}, true), accumulates: false };
    await expect(train(wrong, options())).rejects.toThrow('an update of the source has 2 batches');
    await expect(train(two, options({ epochs: 1 }))).resolves.toBeDefined();
  });

  it.each<[string, Partial<TrainOptions>]>([
    ['by epochs', {}],
    ['by steps', { evaluateEvery: { steps: 2 }, keepBest: true }],
    ['with ranked rows', { estimator: rows({ rate: 0.5, by: 'optimal' }), everyLayer: true }],
  ])(
    'ends with the same bits, stopped after any step and resumed from memory: %s',
    async (_, more) => {
      const whole = await outcome(await train(source(), options({ epochs: 3, ...more })));
      for (let stopAfter = 1; stopAfter < 9; stopAfter++) {
        const checkpoint = { store: new CheckpointMemory() };
        const stop = new AbortController();
        const stopped = train(
          source(),
          options({
            ...{ epochs: 3, ...more, checkpoint, signal: stop.signal },
            onStep: ({ step }) => step === stopAfter && stop.abort(),
          }),
        );
        await expect(stopped).rejects.toThrow(InterruptedError);
        const again = options({ epochs: 3, ...more, checkpoint, resume: true });
        expect(await outcome(await train(source(), again)), `after ${stopAfter}`).toEqual(whole);
      }
    },
  );

  it('is evaluated every so many steps, and once more at the end', async () => {
    const { evaluations } = await train(
      source(),
      options({ epochs: 3, evaluateEvery: { steps: 4 } }),
    );
    expect(evaluations.map(({ step, epoch }) => [step, epoch])).toEqual([
      [4, 1],
      [8, 2],
      [9, 2],
    ]);
  });

  it('ends with the weights of its best evaluation where that is asked for', async () => {
    const { evaluations, state: last, best } = await train(source(), options(WILD));
    const { epoch } = best!;
    expect(epoch).toBeLessThan(evaluations.at(-1)!.epoch);
    const shorter = await train(source(), options({ ...WILD, epochs: epoch + 1 }));
    const kept = await train(source(), options({ ...WILD, keepBest: true }));
    const mix = await shorter.state.read('mix');
    expect(await kept.state.read('mix')).toEqual(mix);
    expect(await last.read('mix')).not.toEqual(mix);
  });

  it('loses patience, and is not evaluated where it has no evaluation', async () => {
    const { loss, evaluations } = await train(source(), options({ ...WILD, patience: 2 }));
    expect(loss.length).toBeLessThan(WILD.epochs);
    const losses = evaluations.map((each) => each.loss);
    expect(loss).toHaveLength(losses.indexOf(Math.min(...losses)) + 3);
    const { evaluation: _, ...without } = source();
    expect((await train(without, options())).best).toBeUndefined();
    for (const name of ['patience', 'keepBest', 'evaluateEvery'] as const)
      await expect(train(without, options({ [name]: name === 'keepBest' || 2 }))).rejects.toThrow(
        `${name} has no use without an evaluation`,
      );
  });

  it('takes a budget', async () => {
    const { plan } = await train(source(), options({ epochs: 1, everyLayer: true }));
    const within = { budgetOf: 'kept', memoryBudget: plan.keptBytes } as const;
    const { choice } = await train(source(), options({ epochs: 1, ...within }));
    expect(choice!.layers.map(({ layer, estimator }) => [layer, estimator])).toEqual([
      ['mix', 'dense'],
    ]);
    await expect(
      train(source(), options({ epochs: 1, budgetOf: 'kept', memoryBudget: 1 })),
    ).rejects.toThrow('cannot be met');
  });

  it('needs to tell its rows where an estimator ranks them, and its updates where a schedule asks', async () => {
    const blind = source({
      async *updates() {
        const { rows: _, ...batch } = batchOf(0, 8)();
        yield { examples: 8, batches: [() => batch] };
      },
    });
    const ranked = { estimator: rows({ rate: 0.5, by: 'optimal' }), everyLayer: true };
    await expect(train(blind, options(ranked))).rejects.toThrow('give its batches rows()');
    const { updatesPerEpoch: _, ...unknown } = source();
    const schedule = { name: 'mine', factor: () => 1 };
    await expect(train(unknown, options({ schedule }))).rejects.toThrow(
      'the schedule mine needs to know how many steps there are',
    );
    const events: (number | null)[] = [];
    await train(
      unknown,
      options({ epochs: 1, onStep: ({ etaSeconds }) => events.push(etaSeconds) }),
    );
    expect(events).toEqual([null, null, null]);
  });

  it('has its inputs on the device once where they are the same in every batch', async () => {
    const { wanted, palette } = batchOf(0, 8)().inputs;
    const held = source({
      ...{ held: { wanted }, updatesPerEpoch: 1 },
      async *updates() {
        const batch = { shape: { pixels: 8 }, inputs: { palette }, examples: 8 };
        yield { examples: 8, batches: [() => batch] };
      },
    });
    const { evaluation: _, ...steps } = held;
    const { loss, state } = await train(
      steps,
      options({ epochs: 30, estimator: quantized({ bits: 8 }) }),
    );
    expect(loss.at(-1)).toBeLessThan(loss[0]! / 2);
    expect(await state.read('data.wanted')).toEqual(wanted);
  });

  it('is refused where it is none, or has no update', async () => {
    // biome-ignore lint/suspicious/noExplicitAny: what callers without types can do
    const any = train as any;
    await expect(any({}, options())).rejects.toThrow('the source must be a source of steps');
    await expect(any(source(), { backend: 1 })).rejects.toThrow('backend must be a backend');
    await expect(any(source(), { epoch: 1 })).rejects.toThrow("train has no option 'epoch'");
    const empty = source({ updates: () => [], known: () => [] });
    await expect(train(empty, options())).rejects.toThrow('no updates');
    const store = new CheckpointMemory();
    await train(source(), options({ epochs: 1, checkpoint: { store } }));
    await expect(train(source(), options({ epochs: 1, checkpoint: { store } }))).rejects.toThrow(
      'memory has checkpoints of an earlier run',
    );
    const taken = await store.take();
    await expect(
      train(source(), options({ epochs: 1, checkpoint: { store }, resume: true })),
    ).rejects.toThrow('in use by another run');
    await taken.release();
  });
});
