import type { Kernel, Uniforms, UniformType } from './kernel.js';

/** A number that a kernel is told, or four of them. */
export type UniformValue = number | readonly number[];

const WORD_BYTES = 4;

/** Words of a uniform, which begins at a multiple of them. */
const wordsOf = (type: UniformType): number => (type === 'vec4u' ? 4 : 1);

/** Bytes of a kernel's uniforms, as WGSL lays them out. */
export function uniformBytes(of: Kernel): number {
  let words = 1;
  for (const type of Object.values(of.uniforms as Uniforms)) {
    const size = wordsOf(type);
    words = Math.ceil(words / size) * size + size;
  }
  return Math.ceil(words / 4) * 4 * WORD_BYTES;
}

/** Writes a kernel's uniforms, the number of its workgroups before them, from a byte on. */
export function writeUniforms(
  view: DataView,
  begin: number,
  of: Kernel,
  { groups, values }: { groups: number; values: Readonly<Record<string, UniformValue>> },
): void {
  view.setUint32(begin, groups, true);
  let words = 1;
  for (const [name, type] of Object.entries(of.uniforms as Uniforms)) {
    const size = wordsOf(type);
    words = Math.ceil(words / size) * size;
    const numbers = [values[name]!].flat();
    for (let at = 0; at < size; at++) {
      const byte = begin + (words + at) * WORD_BYTES;
      const value = numbers[at] ?? 0;
      if (type === 'f32') view.setFloat32(byte, value, true);
      else if (type === 'i32') view.setInt32(byte, value, true);
      else view.setUint32(byte, value, true);
    }
    words += size;
  }
}
