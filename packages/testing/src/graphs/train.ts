import { type Backend, gaussian, rmm, type TensorData } from '@sketchgrad/core';
import { type EncoderOptions, encoderInputs, encoderParameters, encoderStep } from './encoder.js';

/** Runs some steps from the starting parameters; gives each step's loss and the state at the end. */
async function train(
  backend: Backend,
  options: EncoderOptions,
  steps: number,
): Promise<{ losses: number[]; state: Record<string, TensorData> }> {
  const graph = encoderStep(options);
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  try {
    for (const [name, data] of Object.entries(encoderParameters(graph)))
      await state.write(name, data);
    const losses: number[] = [];
    for (let step = 0; step < steps; step++)
      losses.push((await executable.run(encoderInputs(options, step))).loss![0]!);
    const after: Record<string, TensorData> = {};
    for (const name of state.tensors.keys()) after[name] = await state.read(name);
    return { losses, state: after };
  } finally {
    await executable.dispose();
    await state.dispose();
  }
}

/** A fingerprint of the bits that a few sketched training steps end with, the same in any process. */
export async function trainingDigest(backend: Backend): Promise<string> {
  const options = {
    batch: 3,
    sequence: 7,
    estimator: rmm({ sketch: gaussian(), rate: 0.5 }),
    finish: 'adamw',
  } as const;
  const { losses, state } = await train(backend, options, 3);
  return digest({ losses: Float32Array.from(losses), ...state });
}

/** SHA-256 over tensors in the order of their names; by what Node and pages have. */
async function digest(tensors: Readonly<Record<string, TensorData>>): Promise<string> {
  const parts = Object.keys(tensors)
    .sort()
    .flatMap((name) => [new TextEncoder().encode(name), tensors[name]!.slice()]);
  const hash = await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
