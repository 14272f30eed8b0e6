import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, type TensorData, UsageError } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import type { Files, FuzzReader } from '@sketchgrad/testing/fuzz';
import {
  CheckpointError,
  type EvaluationRecord,
  type FineTuneOptions,
  fineTune,
  type NodeTrainingOptions,
  NonFiniteError,
  type TrainingProgress,
  trainNodes,
} from '../../src/index.js';
import { CheckpointFolder } from '../../src/node/index.js';
import { neighbourModel, ring } from '../nodes/ring.js';
import { ranking } from '../ranking-estimator.js';
import { base, isInterrupted, model, outcome } from '../small-run.js';
import { filesIn, latestFirst, undamaged } from './checkpoint.js';
import { checkpointPacking, contentsOf, tokens } from './checkpoint-bytes.js';

/** What a run ends with, of either kind. */
interface Ended {
  readonly steps: number;
  readonly loss: readonly number[];
  readonly evaluations: readonly EvaluationRecord[];
  readonly tensors: Readonly<Record<string, TensorData>>;
}

interface Kind {
  /** Runs, or goes on, in a directory; stopped after so many calls where that is told. */
  run(directory: string, more: Partial<FineTuneOptions>, stopAfter?: number): Promise<Ended>;
}

const examples: Kind = {
  async run(directory, more, stopAfter) {
    const controller = new AbortController();
    let steps = 0;
    const run = await fineTune(model, {
      ...base(),
      estimator: ranking,
      checkpoint: { store: new CheckpointFolder(directory), everySteps: 1 },
      signal: controller.signal,
      onStep: () => {
        if (++steps === stopAfter) controller.abort();
      },
      ...more,
    });
    return outcome(run);
  },
};

const nodes: Kind = {
  async run(directory, { resume, onWarning }, stopAfter) {
    const controller = new AbortController();
    let epochs = 0;
    const options: NodeTrainingOptions = {
      ...{ backend: createReferenceBackend(), data: ring(), epochs: 6, learningRate: 0.1 },
      ...{
        evaluateEvery: 2,
        checkpoint: { store: new CheckpointFolder(directory) },
        signal: controller.signal,
      },
      ...(resume ? { resume } : {}),
      ...(onWarning ? { onWarning } : {}),
      onEpoch: () => {
        if (++epochs === stopAfter) controller.abort();
      },
    };
    const { state, steps, loss, evaluations, best } = await trainNodes(neighbourModel, options);
    const tensors: Record<string, TensorData> = {};
    for (const name of state.tensors.keys()) tensors[name] = await state.read(name);
    return { steps, loss, evaluations, tensors, best };
  },
};

async function within<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'sketchgrad-run-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

type KindName = keyof typeof kinds;
const kinds = { examples, nodes };

/** The directory of a run that was stopped: its files, under its kind's name. */
const stopped = (kind: KindName, after: number): Promise<Files> =>
  within(async (directory) => {
    await kinds[kind].run(directory, {}, after).catch((error: unknown) => {
      if (!isInterrupted(error)) throw error;
    });
    const files = Object.entries(await filesIn(directory));
    return Object.fromEntries(files.map(([name, bytes]) => [`${kind}/${name}`, bytes]));
  });

const onlyLatest = (files: Files): Files => {
  const [latest] = latestFirst(files);
  return { [latest!]: files[latest!]! };
};

async function prepare() {
  const [many, ended, graph] = [
    await stopped('examples', 5),
    await stopped('examples', 9),
    await stopped('nodes', 4),
  ];
  const whole = (kind: KindName) => within((directory) => kinds[kind].run(directory, {}));
  return {
    samples: [many, onlyLatest(many), ended, graph, onlyLatest(graph)],
    ends: { examples: await whole('examples'), nodes: await whole('nodes') },
  };
}

let prepared: ReturnType<typeof prepare> | undefined;
const once = () => (prepared ??= prepare());

const kindOf = (files: Files): KindName =>
  Object.keys(files)[0]!.startsWith('nodes/') ? 'nodes' : 'examples';

interface Answer {
  readonly run: Ended;
  readonly warnings: readonly string[];
}

/** A run that goes on from damaged checkpoints, those with right checksums included. */
export const resumedRun: FuzzReader<Answer> = {
  name: 'resumed-run',
  samples: async () => (await once()).samples,
  packings: [checkpointPacking],
  tokens: [
    ...tokens,
    'rowNorms.starts.tokens',
    'rowNorms.byExample.tokens.hidden',
    'rowNorms.byPosition.hidden',
  ],
  errors: [CheckpointError, DataError, UsageError, NonFiniteError],
  async read({ folder, files }) {
    const kind = kindOf(files);
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    await once();
    const run = await kinds[kind].run(join(folder, kind), { resume: true, onWarning });
    return { run, warnings };
  },
  async check({ run, warnings }, { files }) {
    const { samples, ends } = await once();
    const end = ends[kindOf(files)];
    const passed = warnings.filter((text) => text.includes('; going back to')).length;
    const used = latestFirst(files)[passed]!;
    if (undamaged(files, samples).includes(used)) return assert.deepEqual(run, end);
    const progress = contentsOf(files[used]!)?.header.progress as TrainingProgress | undefined;
    assert.ok(progress, `${used} is not whole`);
    assert.equal(run.steps, end.steps);
    assert.equal(run.loss.length, end.loss.length);
    assert.ok(run.loss.every(Number.isFinite), `losses ${run.loss}`);
    assert.deepEqual(
      run.evaluations.map(({ step, epoch }) => [step, epoch]),
      end.evaluations.map(({ step, epoch }) => [step, epoch]),
    );
    for (const [index, { metrics }] of run.evaluations.entries())
      assert.deepEqual(Object.keys(metrics), Object.keys(end.evaluations[index]!.metrics));
    for (const [name, data] of Object.entries(run.tensors))
      assert.ok(data.every(Number.isFinite), name);
  },
};
