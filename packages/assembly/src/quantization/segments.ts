// Rows by falling rank have codes of falling width: so many of 8 bits, then of 4, 3, 2 and 1.

/** Features that are packed together. */
export const PACKED: u32 = 32;

/** Where the last call of findRow found a row's codes: their width, and the address of their words. */
export let rowBits: u32 = 0;
export let rowCodes: usize = 0;

/** Looks up the codes of the row of this rank; each width has the rows that are said. */
export function findRow(
  codes: usize,
  rank: u32,
  features: u32,
  rows8: u32,
  rows4: u32,
  rows3: u32,
  rows2: u32,
): void {
  const chunkBytes = usize((features + PACKED - 1) / PACKED) << 2;
  let to = codes;
  let left = rank;
  if (left < rows8) return found(8, to + usize(left) * chunkBytes * 8);
  left -= rows8;
  to += usize(rows8) * chunkBytes * 8;
  if (left < rows4) return found(4, to + usize(left) * chunkBytes * 4);
  left -= rows4;
  to += usize(rows4) * chunkBytes * 4;
  if (left < rows3) return found(3, to + usize(left) * chunkBytes * 3);
  left -= rows3;
  to += usize(rows3) * chunkBytes * 3;
  if (left < rows2) return found(2, to + usize(left) * chunkBytes * 2);
  left -= rows2;
  to += usize(rows2) * chunkBytes * 2;
  found(1, to + usize(left) * chunkBytes);
}

@inline
function found(bits: u32, address: usize): void {
  rowBits = bits;
  rowCodes = address;
}
