import { byteLength, type Value } from '@sketchgrad/core';
import { type KernelCall, type Numbers, referenceKernels } from '@sketchgrad/core/reference';
import type { Lowering } from '../../src/lowering.js';
import { lowerings } from '../../src/lowerings/index.js';

/** The reference's kernel of an op, on numbers that are read from the device and written to it. */
const standIn = (op: string): Lowering => ({
  op,
  scratchBytes: () => 0,
  lower(inputs, node, { read, upload, update }) {
    const { updates = [] } = node.op;
    const given = inputs.map((tensor) => ({ shape: tensor.shape, data: read(tensor).slice() }));
    const made = node.outputs.map(({ shape, dtype }: Value, at: number) => {
      const from = updates.find(([output]) => output === at);
      if (from) return given[from[1]]!;
      const count = byteLength({ shape, dtype }) / 4;
      const data: Numbers = new (dtype === 'i32' ? Int32Array : Float32Array)(count);
      return { shape, data };
    });
    const { attributes } = node;
    const call = { node, attributes, inputs: given, outputs: made } as unknown as KernelCall;
    referenceKernels.get(op)!.run(call);
    const tensors = made.map(({ data, shape }) => upload(data as Float32Array, shape));
    for (const [output, input] of updates) update(input, tensors[output]!);
    return tensors.filter((_, at) => !updates.some(([output]) => output === at));
  },
});

/** Has the reference's kernels stand in for lowerings that are still to come. */
export function addStandIns(): readonly string[] {
  const missing = [...referenceKernels.keys()].filter((op) => !lowerings.has(op));
  for (const op of missing) (lowerings as Map<string, Lowering>).set(op, standIn(op));
  return missing;
}
