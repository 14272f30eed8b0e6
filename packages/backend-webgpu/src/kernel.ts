/** What an operand is an array of. */
export type ElementType = 'f32' | 'i32' | 'u32' | 'vec2f' | 'vec4f' | 'vec4i' | 'vec4u';

/** What a number that a kernel is told is. */
export type UniformType = 'u32' | 'i32' | 'f32' | 'vec4u';

// biome-ignore lint/suspicious/noExplicitAny: a kernel's operands are its own business; tables hold all kinds
type Any = any;
export type Operands = Readonly<Record<string, ElementType>>;
export type Uniforms = Readonly<Record<string, UniformType>>;

/** What operands are called in WGSL: two that share memory are one variable. */
export type Names<O extends Operands> = { readonly [Name in keyof O]: string };

/**
 * A program of the device. Its WGSL is a template over the names of its operands, arrays in
 * `var<storage, read_write>`; sizes and factors are uniforms, `uniforms.NAME`, so that it is one pipeline
 * whatever the shapes are. What it may use beside:
 *
 * - `group`, which workgroup this is, of `uniforms.groups`; `thread`, which of its threads;
 * - `i`, which thread this is of all: group · threads + thread.
 */
export interface Kernel<O extends Operands = Any, U extends Uniforms = Any> {
  /** What it is called in messages. */
  readonly name: string;
  readonly operands: O;
  readonly uniforms: U;
  /** Threads of a workgroup. */
  readonly threads: number;
  /** What stands outside `main`: functions, constants, `var<workgroup>`. */
  declarations?(names: Names<O>): string;
  /** Statements of each thread. */
  main(names: Names<O>): string;
}

/** A kernel, its types as they are written. */
export const kernel = <const O extends Operands, const U extends Uniforms>(
  of: Kernel<O, U>,
): Kernel<O, U> => of;

/** Threads of a workgroup where nothing speaks for another number. */
export const THREADS = 64;

/** A kernel of which each thread makes element `i` by itself, of `uniforms.count`. */
export const elementKernel = <const O extends Operands, const U extends Uniforms>(
  of: Omit<Kernel<O, U>, 'threads'>,
): Kernel<O, U & { readonly count: 'u32' }> => ({
  ...of,
  uniforms: { ...of.uniforms, count: 'u32' },
  threads: THREADS,
  main: (names) => `if (i >= uniforms.count) { return; }\n${of.main(names)}`,
});

/**
 * The whole WGSL of a kernel.
 * @param names of its operands, by which those that share memory are one variable
 */
export function sourceOf(of: Kernel, names: Names<Operands>): string {
  const { operands, uniforms, threads } = of;
  const declared = new Set<string>();
  const variables = Object.entries(operands as Operands).flatMap(([operand, type]) => {
    const name = names[operand]!;
    if (declared.has(name)) return [];
    declared.add(name);
    return `@group(0) @binding(${declared.size}) var<storage, read_write> ${name}: array<${type}>;`;
  });
  const members = [['groups', 'u32'], ...Object.entries(uniforms as Uniforms)];
  return `struct Uniforms { ${members.map(([name, type]) => `${name}: ${type}`).join(', ')} }
@group(0) @binding(0) var<uniform> uniforms: Uniforms;
${variables.join('\n')}
${of.declarations?.(names) ?? ''}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) groupId: vec3u, @builtin(num_workgroups) groupCounts: vec3u, @builtin(local_invocation_index) thread: u32) {
let group = groupId.y * groupCounts.x + groupId.x;
if (group >= uniforms.groups) { return; }
let i = group * ${threads}u + thread;
${of.main(names)}
}
`;
}
