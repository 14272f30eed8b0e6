import type { TensorData } from '@sketchgrad/core';
import type { Checkpoint, TensorSource, TrainingProgress } from '../src/index.js';

export const progressAt = (step: number): TrainingProgress => ({
  step,
  epoch: 1,
  position: step,
  passes: step,
  seed: 7,
  losses: [1 / 3],
  partial: { loss: step / 7, examples: 8 * step },
  evaluations: [{ step: 1, epoch: 0, loss: 0.3, metrics: { matthews: 0.1 + 0.2 } }],
  configuration: { learningRate: 5e-5, schedule: 'linear(warmup=0.06)', clipNorm: null },
});

export const tensor = (name: string, data: TensorData, shape = [data.length]): TensorSource => ({
  name,
  dtype: data instanceof Float32Array ? 'f32' : 'i32',
  shape,
  read: () => data,
});

/** Tensors whose numbers tell which step they are of. */
export const tensorsAt = (step: number): TensorSource[] => [
  tensor('weight', Float32Array.of(step, Math.fround(0.1), -0, 1e-45, 3e38, step / 3), [2, 3]),
  tensor('steps', Int32Array.of(step, -1, 2 ** 31 - 1)),
  tensor('nothing', new Float32Array(0), [0, 4]),
  tensor('scalar', Float32Array.of(step), []),
];

/** Everything in a checkpoint, which is closed afterwards. */
export async function contents(checkpoint: Checkpoint) {
  const tensors: Record<string, TensorData> = {};
  for (const { name } of checkpoint.tensors) tensors[name] = await checkpoint.read(name);
  await checkpoint.close();
  return { progress: checkpoint.progress, tensors };
}

/** What `contents` gives for a checkpoint of `progressAt(step)` and `tensorsAt(step)`. */
export async function contentsAt(step: number) {
  const tensors: Record<string, TensorData> = {};
  for (const source of tensorsAt(step)) tensors[source.name] = await source.read();
  return { progress: progressAt(step), tensors };
}
