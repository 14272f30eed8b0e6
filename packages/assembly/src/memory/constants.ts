// Constants of the kernels' arithmetic live in static memory, from where one instruction spreads a
// number over four lanes. V8 makes a vector constant anew at each use, in three instructions.

/** Number `index` of a table in static memory, in all lanes. */
@inline
export function constant(table: usize, index: i32): v128 {
  return v128.load32_splat(table + (usize(index) << 2));
}
