import {
  type Kernel,
  kernel,
  type Names,
  type Operands,
  THREADS,
  type Uniforms,
} from './kernel.js';
import type { Abilities, Dispatch, Operand } from './lowering.js';
import type { UniformValue } from './uniforms.js';

/** Threads that share a row, where threads share. */
export const ROW_THREADS = 32;

/**
 * What a kernel that makes rows is written with: `row`, of `uniforms.count`; `lane`, which of the LANES threads that
 * share it; `rowTotal(value, lane, slot)` and `rowLargest`, over those threads, in an order of its own. Each call
 * for a row, up to four, takes another slot, 0 to 3, and is made by all of them.
 */
export interface RowKernel<O extends Operands, U extends Uniforms> {
  /** Some threads to a row: what GPUs are fast at. */
  readonly together: Kernel<O, U & { readonly count: 'u32' }>;
  /** A thread to a row: where the CPU computes, waiting for each other takes longest. */
  readonly alone: Kernel<O, U & { readonly count: 'u32' }>;
}

const TOGETHER = `
const LANES = ${ROW_THREADS}u;
var<workgroup> partials: array<f32, ${4 * ROW_THREADS}>;

fn rowTotal(value: f32, lane: u32, slot: u32) -> f32 {
  partials[LANES * slot + lane] = value;
  workgroupBarrier();
  var sum = 0.0;
  for (var at = 0u; at < LANES; at++) { sum += partials[LANES * slot + at]; }
  return sum;
}

fn rowLargest(value: f32, lane: u32, slot: u32) -> f32 {
  partials[LANES * slot + lane] = value;
  workgroupBarrier();
  var most = partials[LANES * slot];
  for (var at = 1u; at < LANES; at++) { most = max(most, partials[LANES * slot + at]); }
  return most;
}
`;

const ALONE = `
const LANES = 1u;
fn rowTotal(value: f32, lane: u32, slot: u32) -> f32 { return value; }
fn rowLargest(value: f32, lane: u32, slot: u32) -> f32 { return value; }
`;

/** A kernel that makes rows, both ways. */
export function rowKernel<const O extends Operands, const U extends Uniforms>(of: {
  readonly name: string;
  readonly operands: O;
  readonly uniforms: U;
  declarations?(names: Names<O>): string;
  main(names: Names<O>): string;
}): RowKernel<O, U> {
  const uniforms = { ...of.uniforms, count: 'u32' } as const;
  return {
    together: kernel({
      ...{ ...of, uniforms, threads: ROW_THREADS },
      declarations: (names) => `${TOGETHER}${of.declarations?.(names) ?? ''}`,
      main: (names) => `let row = group;\nlet lane = thread;\n${of.main(names)}`,
    }),
    alone: kernel({
      ...{ ...of, uniforms, threads: THREADS },
      declarations: (names) => `${ALONE}${of.declarations?.(names) ?? ''}`,
      main: (names) =>
        `if (i >= uniforms.count) { return; }\nlet row = i;\nlet lane = 0u;\n${of.main(names)}`,
    }),
  };
}

/** A row kernel over so many rows. */
export function overRows<O extends Operands, U extends Uniforms>(
  { together, alone }: RowKernel<O, U>,
  rows: number,
  given: {
    readonly abilities: Abilities;
    readonly operands: { readonly [Name in keyof O]: Operand };
    readonly uniforms: { readonly [Name in keyof U]: UniformValue };
  },
): Dispatch {
  const uniforms = { ...given.uniforms, count: rows };
  const { operands } = given;
  return given.abilities.sharing
    ? { kernel: together, operands, uniforms, groups: rows }
    : { kernel: alone, operands, uniforms, groups: Math.ceil(rows / alone.threads) };
}
