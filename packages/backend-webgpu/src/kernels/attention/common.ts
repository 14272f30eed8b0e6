import { type Kernel, kernel, type Names, type Operands, THREADS } from '../../kernel.js';
import type { Abilities, Dispatch, Operand } from '../../lowering.js';
import type { UniformValue } from '../../uniforms.js';
import { DROPOUT, DROPOUT_UNIFORMS } from '../../wgsl/dropout.js';
import { EXPONENTIAL } from '../../wgsl/exponential.js';
import { NUMBERS } from '../../wgsl/numbers.js';
import { THREEFRY } from '../../wgsl/threefry.js';

/** The most features of a head. */
export const MOST_FEATURES = 256;

export const ATTENTION_UNIFORMS = {
  rows: 'u32',
  examples: 'u32',
  heads: 'u32',
  size: 'u32',
  root: 'f32',
  ...DROPOUT_UNIFORMS,
} as const;

/**
 * What attention's kernels have alike, both ways: a workgroup makes a row's head, its threads a tile of keys at a time,
 * or a thread does by itself, with tiles of one. `item`: which row's or example's head it is; `lane`, of the TILE that
 * make it; `span`: the first row of the sequence, how many there are, the number of its first probability of
 * the first head among all that are drawn bits for, and which it is, `here` for all lanes alike; `wait()`, for what
 * others have written; `tileTotal` and `tileLargest`, over the lanes; `OWN` features at most a lane makes, every
 * TILE-th of them.
 */
const SHARED = 64;

const MEMORY = {
  together: `
const TILE = ${SHARED}u;
const OWN = ${MOST_FEATURES / SHARED}u;
var<workgroup> partials: array<f32, TILE>;

fn wait() { workgroupBarrier(); }

fn tileTotal(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  partials[lane] = value;
  workgroupBarrier();
  var sum = 0.0;
  for (var at = 0u; at < TILE; at++) { sum += partials[at]; }
  return sum;
}

fn tileLargest(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  partials[lane] = value;
  workgroupBarrier();
  var most = partials[0];
  for (var at = 1u; at < TILE; at++) { most = max(most, partials[at]); }
  return most;
}
`,
  alone: `
const TILE = 1u;
const OWN = ${MOST_FEATURES}u;
fn wait() {}
fn tileTotal(value: f32, lane: u32) -> f32 { return value; }
fn tileLargest(value: f32, lane: u32) -> f32 { return value; }
`,
};

const spans = (starts: string): string => `
fn startAt(e: u32) -> u32 { return u32(clamp(${starts}[e], 0i, i32(uniforms.rows))); }

// Numbers of probabilities: each row's with each, or one query's.
fn drawn(length: u32, squared: bool) -> u32 { return select(length, length * length, squared); }

fn spanOf(example: u32, row: u32, squared: bool) -> vec4u {
  var element = 0u;
  for (var e = 0u; e < uniforms.examples; e++) {
    let first = startAt(e);
    let end = max(startAt(e + 1u), first);
    if (e == example || row < end) { return vec4u(first, end - first, element, e); }
    element += drawn(end - first, squared) * uniforms.heads;
  }
  return vec4u(0u, 0u, element, uniforms.examples);
}
`;

/** A kernel of attention, both ways. */
export interface AttentionKernel<O extends Operands> {
  readonly together: Kernel<O, typeof ATTENTION_UNIFORMS & { readonly count: 'u32' }>;
  readonly alone: Kernel<O, typeof ATTENTION_UNIFORMS & { readonly count: 'u32' }>;
}

/** @param arrays lanes' shared arrays of floats, and their lengths; `span` and `weights` are there already */
export function attentionKernel<const O extends Operands & { readonly starts: 'i32' }>(of: {
  readonly name: string;
  readonly operands: O;
  readonly arrays: Readonly<Record<string, number | 'TILE'>>;
  declarations?(): string;
  main(names: Names<O>): string;
}): AttentionKernel<O> {
  const uniforms = { ...ATTENTION_UNIFORMS, count: 'u32' } as const;
  const arrays = Object.entries({ weights: 'TILE', ...of.arrays });
  const variant = (how: keyof typeof MEMORY) =>
    kernel({
      ...{ name: of.name, operands: of.operands, uniforms },
      threads: how === 'together' ? SHARED : THREADS,
      declarations: (names) => {
        const space = how === 'together' ? 'workgroup' : 'private';
        const variables = arrays.map(
          ([name, length]) => `var<${space}> ${name}: array<f32, ${length}>;`,
        );
        return `${NUMBERS}${EXPONENTIAL}${THREEFRY}${DROPOUT}${MEMORY[how]}var<${space}> span: vec4u;
${variables.join('\n')}
${of.declarations?.() ?? ''}${spans(names.starts)}`;
      },
      main: (names) =>
        `${how === 'together' ? TOGETHER : ALONE}
let head = item % uniforms.heads;
let features = uniforms.heads * uniforms.size;
${of.main(names)}`.replaceAll(
          'SHARED_SPAN',
          how === 'together' ? 'workgroupUniformLoad(&span)' : 'span',
        ),
    });
  return { together: variant('together'), alone: variant('alone') };
}

const TOGETHER = `
let item = group;
let lane = thread;`;

/** Neighbours have the same head, of rows that mostly are of one sequence. */
const ALONE = `
if (i >= uniforms.count) { return; }
let lane = 0u;
let item = i % (uniforms.count / uniforms.heads) * uniforms.heads + i / (uniforms.count / uniforms.heads);`;

/** So many rows' or examples' heads. */
export function overHeads<O extends Operands>(
  { together, alone }: AttentionKernel<O>,
  items: number,
  given: {
    readonly abilities: Abilities;
    readonly operands: { readonly [Name in keyof O]: Operand };
    readonly uniforms: { readonly [Name in keyof typeof ATTENTION_UNIFORMS]: UniformValue };
  },
): Dispatch {
  const count = items * (given.uniforms.heads as number);
  const uniforms = { ...given.uniforms, count };
  const { operands } = given;
  return given.abilities.sharing
    ? { kernel: together, operands, uniforms, groups: count }
    : { kernel: alone, operands, uniforms, groups: Math.ceil(count / alone.threads) };
}
