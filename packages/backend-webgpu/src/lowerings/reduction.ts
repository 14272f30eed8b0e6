import { reduceColumns, reduceRows } from '../kernels/reduce/kernel.js';
import { TERM, type Terms } from '../kernels/reduce/terms.js';
import {
  type Abilities,
  type Dispatch,
  type LoweringContext,
  type Operand,
  overElements,
} from '../lowering.js';
import { overRows } from '../row-kernel.js';
import { ALL } from '../wgsl/used-rows.js';

/** Sums over the middle axis of [outer, size, inner]. */
export interface Extent {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

export interface Reduction extends Extent {
  readonly terms: Terms;
  /** [outer, size, inner] */
  readonly a: Operand;
  readonly b?: Operand;
  /** [inner], taken off a first; where `inner` is more than 1. */
  readonly center?: Operand;
  /** What a, less the center, is multiplied by; with `averaged`, or a center. */
  readonly scaling?: number | undefined;
  /** The mean in place of the sum. */
  readonly averaged?: boolean | undefined;
  /** Where only rows that are somebody's count: starts, and how many there are. */
  readonly used?: UsedRows | undefined;
  /** [outer, inner] */
  readonly y: Operand;
}

/** Starts of sequences, and the position of the last. */
export interface UsedRows {
  readonly starts: Operand;
  readonly last: number;
}

/** What one sum goes over: f32 stays exact enough, and there is work for all. */
const SHARED_CHUNK = 2048;
export const CHUNK = 64;

const chunkOf = ({ inner }: Extent, { sharing }: Abilities): number =>
  inner === 1 && sharing ? SHARED_CHUNK : CHUNK;

/** How many parts each pass leaves of the axis, the last of them 1. */
function passes(of: Extent, abilities: Abilities): readonly number[] {
  const { size } = of;
  const chunk = chunkOf(of, abilities);
  const parts = [Math.max(1, Math.ceil(size / chunk))];
  while (parts.at(-1)! > 1) parts.push(Math.ceil(parts.at(-1)! / chunk));
  return parts;
}

/** Bytes of each piece of memory that a reduction works in. */
export const reductionScratch = (of: Extent, abilities: Abilities): readonly number[] =>
  passes(of, abilities)
    .slice(0, -1)
    .map((parts) => 4 * of.outer * parts * of.inner);

/** Passes over the axis until one number is left of it. @param scratch pieces as `reductionScratch` says */
export function reduced(
  of: Reduction,
  { abilities, scratch }: Pick<LoweringContext, 'abilities' | 'scratch'>,
): readonly Dispatch[] {
  const all = passes(of, abilities);
  let { a, b, center, scaling, averaged, used, terms, size } = of;
  return all.map((parts, pass) => {
    const y = pass < all.length - 1 ? scratch[pass] : of.y;
    const made = onePass(
      { ...of, ...{ a, b, center, used, terms, size, y }, ...{ scaling, averaged } },
      { parts, abilities },
    );
    // What the first pass leaves is summed up as it is.
    [a, b, center, used, terms, size] = [y, undefined, undefined, undefined, 'values', parts];
    [scaling, averaged] = [1, false];
    return made;
  });
}

function onePass(
  of: Reduction,
  { parts, abilities }: { readonly parts: number; readonly abilities: Abilities },
): Dispatch {
  const chunk = chunkOf(of, abilities);
  const { a, b, center, used, y, outer, size, inner, scaling = 1, averaged = false } = of;
  const terms = TERM[of.terms];
  if (inner === 1 && !used && !center && !averaged)
    return overRows(reduceRows, outer * parts, {
      abilities,
      operands: { a, b, y },
      uniforms: { terms, size, chunk, parts },
    });
  return overElements(reduceColumns, outer * parts * inner, {
    operands: { a, b, center, starts: used?.starts, y },
    uniforms: {
      ...{ terms, inner, parts, centred: Number(center !== undefined), rows: size },
      ...{ averaged: Number(averaged), scaling },
      chunk,
      last: used?.last ?? ALL,
    },
  });
}
