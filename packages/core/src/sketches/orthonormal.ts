import { checkCount, checkFlag, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { permutation } from '../ops/permutation.js';
import { type Transform, transformSizes, transformSketch } from '../ops/transform-sketch.js';
import { derivedKey } from '../random/key.js';
import { blockedVariance } from '../variance/blocked.js';
import { orthonormalRowsVariance } from '../variance/orthonormal-rows.js';
import type { BlockOptions } from './independent-entries.js';
import { rowOrder } from './row-order.js';
import type { Sketch } from './sketch.js';
import { withChecks } from './with-checks.js';

/** What a sketch by a fast transform is told. */
export interface TransformOptions extends BlockOptions {
  /** Draws each row of the basis by itself, so that one may come twice; false unless told. */
  readonly replacement?: boolean;
}

/** Further streams of a sketch's key; the first is the order of rows. */
const SLOTS = 2;
const CHOSEN = 3;

/** Rows of an orthonormal transform of x under random signs, scaled so that E[S Sᵀ] = I. */
function transformed(transform: Transform, options: TransformOptions): Sketch {
  checkOptions(transform, options, { blockRows: optional(checkCount), replacement: checkFlag });
  const { replacement = false, blockRows } = options;
  return withChecks({
    name: transform,
    apply: (x, key, rows) => {
      const { length, count } = transformSizes(x, rows, blockRows);
      const segments = { segments: count };
      return transformSketch(x, {
        transform,
        rows,
        key,
        blockRows,
        order: count > 1 ? rowOrder(x, key) : undefined,
        slots:
          transform === 'hadamard'
            ? undefined
            : permutation(length, derivedKey(key, SLOTS), segments),
        chosen: replacement ? undefined : permutation(length, derivedKey(key, CHOSEN), segments),
      });
    },
    variance: (moments, rows) => {
      const { length } = transformSizes({ shape: [moments.rows], dtype: 'f32' }, rows, blockRows);
      return blockedVariance(moments, rows, blockRows, (block, blockSketchRows) =>
        orthonormalRowsVariance(block, blockSketchRows, { transform, length, replacement }),
      );
    },
  });
}

/** Rows of the discrete cosine transform of x under random signs, rows in random places. */
export const dct = (options: TransformOptions = {}): Sketch => transformed('dct', options);

/** Rows of the real Fourier transform of x under random signs, rows in random places. */
export const dft = (options: TransformOptions = {}): Sketch => transformed('dft', options);

/** Rows of the Walsh–Hadamard transform of x under random signs. */
export const hadamard = (options: TransformOptions = {}): Sketch =>
  transformed('hadamard', options);
