import { plainMatmul } from '../kernels/matmul/plain.js';
import {
  type Form,
  REGISTER_TILE,
  registerGroups,
  registerMatmul,
  VECTOR_SIZES,
} from '../kernels/matmul/registers.js';
import { SHARED_TILE, sharedMatmul } from '../kernels/matmul/shared.js';
import {
  type Abilities,
  type Dispatch,
  dispatch,
  type LoweringContext,
  type Operand,
  overElements,
} from '../lowering.js';
import { reduced, reductionScratch } from './reduction.js';

/** Sizes of a product, of as many as `batch` says, one behind the other. */
export interface ProductSizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch?: number;
  /** a lies as [k, m], b as [n, k]. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** A product of matrices. */
export interface Product extends ProductSizes {
  readonly a: Operand;
  readonly b: Operand;
  readonly y: Operand;
  /** [n], added to each row. */
  readonly bias?: Operand;
}

/** Workgroups that keep a GPU busy, and the least of k that is worth a part. */
const BUSY = 512;
const LEAST_PART = 256;

const tiles = (size: number): number => Math.ceil(size / SHARED_TILE);

/** Parts into which k is split where the result alone would leave a GPU idle. */
function partsOf({ m, n, k, batch = 1 }: ProductSizes): number {
  const wanted = Math.floor(BUSY / Math.max(tiles(m) * tiles(n) * batch, 1));
  return Math.max(1, Math.min(wanted, Math.floor(k / LEAST_PART)));
}

/** Bytes of each piece of memory that a product works in. */
export function productScratch(of: ProductSizes, abilities: Abilities): readonly number[] {
  if (!abilities.sharing) return [];
  const parts = partsOf(of);
  if (parts === 1) return [];
  const inner = of.m * of.n * (of.batch ?? 1);
  return [4 * parts * inner, ...reductionScratch({ outer: 1, size: parts, inner }, abilities)];
}

/** y = a b + bias. @param context with the pieces that `productScratch` asks for */
export function product(
  of: Product,
  context: Pick<LoweringContext, 'abilities' | 'scratch'>,
): readonly Dispatch[] {
  const { a, b, y, bias, m, n, k, batch = 1 } = of;
  const { abilities } = context;
  const biased = Number(bias !== undefined);
  const form = formOf(of);
  if (!abilities.sharing && form)
    return [
      dispatch(registerMatmul[form], {
        operands: { a, b, bias, y },
        uniforms: { m, n, k, biased },
        groups: batch * registerGroups(of),
      }),
    ];
  const uniforms = { m, n, k, biased, ...stridesOf(of) };
  if (!abilities.sharing)
    return [overElements(plainMatmul, batch * m * n, { operands: { a, b, bias, y }, uniforms })];
  return shared(of, uniforms, context);
}

type Uniforms = ReturnType<typeof stridesOf> & {
  readonly [name in 'm' | 'n' | 'k' | 'biased']: number;
};

/** Tiles of the result, or of parts of it, which are added up. */
function shared(
  of: Product,
  uniforms: Uniforms,
  { abilities, scratch: [sums, ...scratch] }: Pick<LoweringContext, 'abilities' | 'scratch'>,
): readonly Dispatch[] {
  const { a, b, y, bias, m, n, k, batch = 1 } = of;
  const parts = partsOf(of);
  const part = Math.ceil(k / parts);
  const groups = tiles(m) * tiles(n) * batch;
  if (parts === 1)
    return [
      dispatch(sharedMatmul, {
        operands: { a, b, bias, y },
        uniforms: { ...uniforms, batch, part },
        groups,
      }),
    ];
  const inner = batch * m * n;
  return [
    dispatch(sharedMatmul, {
      operands: { a, b, bias, y: sums },
      uniforms: { ...uniforms, batch, part },
      groups: groups * parts,
    }),
    ...reduced(
      { terms: 'values', a: sums, y, outer: 1, size: parts, inner },
      { abilities, scratch },
    ),
  ];
}

/** The form of the kernel in registers that a product has, where its sizes are whole vectors. */
function formOf({ m, n, k, transposeA, transposeB }: ProductSizes): Form | undefined {
  if (transposeA && transposeB) return undefined;
  const form = transposeA ? 'transposedA' : transposeB ? 'transposedB' : 'plain';
  const sizes = { m, n, k };
  const whole = VECTOR_SIZES[form].every((name) => sizes[name] % 4 === 0);
  return whole && Math.min(m, n) >= REGISTER_TILE / 2 && k > 0 ? form : undefined;
}

function stridesOf({ m, n, k, transposeA, transposeB }: ProductSizes) {
  const [aRow, aInner] = transposeA ? [1, m] : [k, 1];
  const [bInner, bColumn] = transposeB ? [1, k] : [n, 1];
  return { aBatch: m * k, aRow, aInner, bBatch: k * n, bInner, bColumn };
}
