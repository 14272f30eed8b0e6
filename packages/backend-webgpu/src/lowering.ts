import {
  type Attributes,
  type BackendError,
  elements,
  type Node,
  type TensorType,
  type Value,
} from '@sketchgrad/core';
import type { Kernel, Operands, Uniforms } from './kernel.js';
import type { UniformValue } from './uniforms.js';

/** What the device can do, as far as lowerings care. */
export interface Abilities {
  /** Whether threads of a workgroup share memory and wait for each other fast, as GPUs' do. */
  readonly sharing: boolean;
}

/** Memory in one of the device's buffers; `slot` is the buffer, whichever it is by now. */
export interface Range {
  readonly slot: { readonly buffer: GPUBuffer };
  /** In bytes, at a multiple of the device's alignment. */
  readonly offset: number;
  readonly bytes: number;
}

/** What a kernel works on: a value of the graph, other memory, or nothing where it does not look. */
export type Operand = Value | Range | undefined;

/** One kernel over so many workgroups. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly operands: Readonly<Record<string, Operand>>;
  readonly uniforms: Readonly<Record<string, UniformValue>>;
  /** Workgroups; nothing runs where there are none. */
  readonly groups: number;
}

/** What numbers of a tensor have to be, which fails the run after it where they are not. */
export interface Check {
  readonly check: CheckKind;
  readonly of: Value | Range;
  /** How many of its elements are looked at. */
  readonly count: number;
  /** Only those before the end of starts of sequences, the number at position `last`, where it is given. */
  readonly used?: { readonly starts: Operand; readonly last: number };
  /** What the kind compares with. */
  readonly limits: readonly number[];
  /** The error, of the first element that is wrong. */
  refuse(position: number, value: number): BackendError;
}

/**
 * - `indices`: i32, within [0, limits[0])
 * - `rising`: i32, from 0 at the first, none less than the one before it, at most limits[0], at most limits[1]
 *   more than the one before it, the last at least limits[2]
 * - `weights`: f32, finite and at least 0
 * - `numbers`: f32, not NaN
 * - `faults`: u32 [count, 2], which a kernel wrote: a position of what is wrong and its bits as f32, or FINE
 */
export type CheckKind = 'indices' | 'rising' | 'weights' | 'numbers' | 'faults';

/** What a lowering consists of, in the order in which it runs. */
export type Step = Dispatch | Check;

/** A node whose op has these attributes. */
export type NodeOf<A extends Attributes> = Omit<Node, 'attributes'> & { readonly attributes: A };

/** What a lowering works with. */
export interface LoweringContext {
  readonly abilities: Abilities;
  /** Memory for what `scratch` asked for, in its order. */
  readonly scratch: readonly Range[];
  /** Numbers that never change, uploaded once for all that name them alike. */
  table(name: string, make: () => Float32Array | Int32Array | Uint32Array): Range;
}

/** How an op is run. */
// biome-ignore lint/suspicious/noExplicitAny: an op's attributes are its own business; the table holds all kinds
export interface Lowering<A extends Attributes = any> {
  /** The op's name. */
  readonly op: string;
  /** Bytes of each piece of memory that it works in beside inputs and outputs; none unless given. */
  scratch?(node: NodeOf<A>, abilities: Abilities): readonly number[];
  /**
   * What runs, in its order. Output 0 may lie over an input, where the op's `overwrites` has it, and its
   * kernel has to bear that.
   */
  lower(node: NodeOf<A>, context: LoweringContext): readonly Step[];
}

/**
 * Vectors of four that hold a tensor: what is behind its end in the last is its own memory too, as tensors
 * begin at multiples of more, and nobody reads it.
 */
export const vectorsOf = (type: TensorType): number => Math.ceil(elements(type) / 4);

/** A kernel over so many workgroups, with all that it wants. */
export const dispatch = <O extends Operands, U extends Uniforms>(
  kernel: Kernel<O, U>,
  {
    operands,
    uniforms,
    groups,
  }: {
    readonly operands: { readonly [Name in keyof O]: Operand };
    readonly uniforms: { readonly [Name in keyof U]: UniformValue };
    readonly groups: number;
  },
): Dispatch => ({ kernel, operands, uniforms, groups });

/** An element kernel over so many elements. */
export const overElements = <O extends Operands, U extends Uniforms & { readonly count: 'u32' }>(
  kernel: Kernel<O, U>,
  count: number,
  given: {
    readonly operands: { readonly [Name in keyof O]: Operand };
    readonly uniforms: { readonly [Name in Exclude<keyof U, 'count'>]: UniformValue };
  },
): Dispatch => ({
  kernel,
  operands: given.operands,
  uniforms: { ...given.uniforms, count },
  groups: Math.ceil(count / kernel.threads),
});
