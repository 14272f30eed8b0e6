/** Elements of a cache line: shares begin at multiples of it, so that no line has two writers. */
export const LINE: u32 = 16;

/** First of the elements 0 … count that are `thread`'s. */
@inline
export function shareBegin(count: u32, thread: i32, threads: i32): u32 {
  return shareEnd(count, thread - 1, threads);
}

/** End of the elements that are `thread`'s. */
@inline
export function shareEnd(count: u32, thread: i32, threads: i32): u32 {
  const lines = (u64(count) + LINE - 1) / LINE;
  return u32(min(u64(count), ((lines * u64(thread + 1)) / u64(threads)) * LINE));
}

/** First of the rows 0 … count that are `thread`'s. */
@inline
export function rowsBegin(count: u32, thread: i32, threads: i32): u32 {
  return rowsEnd(count, thread - 1, threads);
}

/** End of the rows that are `thread`'s. */
@inline
export function rowsEnd(count: u32, thread: i32, threads: i32): u32 {
  return u32((u64(count) * u64(thread + 1)) / u64(threads));
}
