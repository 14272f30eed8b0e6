import { checkStarts } from '../../execution/indices.js';
import type { Numbers, ReferenceKernel, Tensor } from '../kernel.js';

export const exampleGradientNorms: ReferenceKernel = {
  op: 'exampleGradientNorms',
  run({ node, inputs: [x, y, starts], outputs: [norms] }) {
    checkStarts(node, starts!.data, x!.shape[0]!);
    norms!.data.set(norms!.data.map((_, example) => gradientNorm(x!, y!, starts!.data, example)));
  },
};

function gradientNorm(x: Tensor, y: Tensor, starts: Numbers, example: number): number {
  let total = 0;
  for (let i = starts[example]!; i < starts[example + 1]!; i++)
    for (let j = starts[example]!; j < starts[example + 1]!; j++)
      total += dot(x, i, j) * dot(y, i, j);
  return total;
}

/** Of two rows. */
function dot({ shape, data }: Tensor, i: number, j: number): number {
  const features = shape[1]!;
  let sum = 0;
  for (let c = 0; c < features; c++) sum += data[i * features + c]! * data[j * features + c]!;
  return sum;
}
