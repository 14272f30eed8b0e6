import { randomSigns } from '@sketchgrad/core/backend';
import type { Lowering } from '../lowering.js';

interface Projection {
  readonly features: number;
  readonly columns: number;
  readonly back: boolean;
  readonly stream: number;
}

type Attributes = { readonly [Name in keyof Projection]: Projection[Name] };

/** Rᵀ [columns, features], drawn on the host, in scratch memory for one product. */
export const projectFeatures: Lowering<Attributes> = {
  op: 'projectFeatures',
  scratchBytes: ({ inputs: [x], attributes: { features, columns } }) =>
    x!.shape[0] === 0 || features === 0 ? 0 : 4 * features * columns,
  lower([x, key], { outputs: [y], attributes }, { tf, read, upload }) {
    const { features, columns, back, stream } = attributes;
    if (x!.shape[0] === 0 || features === 0) return [tf.zeros([...y!.shape])];
    const sign = randomSigns({ data: read(key!) }, stream);
    const scale = Math.fround(1 / Math.sqrt(columns));
    const columnBits = Math.ceil(features / 64) * 64;
    const entries = new Float32Array(columns * features);
    for (let j = 0; j < columns; j++)
      for (let f = 0; f < features; f++)
        entries[j * features + f] = sign(j * columnBits + f) * scale;
    const projection = upload(entries, [columns, features]);
    return [tf.matMul(x!, projection, false, !back)];
  },
};
