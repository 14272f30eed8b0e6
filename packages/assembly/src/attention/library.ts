// Products that a matrix library makes, outside of WebAssembly: matrices without gaps, row after row.

// @ts-ignore: AssemblyScript's decorator for what is imported.
@external("env", "product")
declare function product(kind: i32, a: usize, b: usize, c: usize, m: i32, inner: i32, n: i32): void;

/** c = a · b. a [m, inner], b [inner, n], c [m, n]. */
@inline
export function multiply(a: usize, b: usize, c: usize, m: i32, inner: i32, n: i32): void {
  product(0, a, b, c, m, inner, n);
}

/** c = a · bᵀ. a [m, inner], b [n, inner], c [m, n]. */
@inline
export function multiplyTransposed(a: usize, b: usize, c: usize, m: i32, inner: i32, n: i32): void {
  product(1, a, b, c, m, inner, n);
}

/** c = aᵀ · b, or c + aᵀ · b where there is `more` of it. a [inner, m], b [inner, n], c [m, n]. */
@inline
export function transposedMultiply(
  a: usize, b: usize, c: usize, m: i32, inner: i32, n: i32, more: bool,
): void {
  product(more ? 3 : 2, a, b, c, m, inner, n);
}
