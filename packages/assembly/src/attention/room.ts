/** Bytes that so many numbers take of a thread's room: whole cache lines. */
@inline
export function roomOf(numbers: i32): usize {
  return ((usize(numbers) << 2) + 63) & ~63;
}

/** Numbers of 32 bits in which so many dropout bits of 16 lie as they are drawn. */
@inline
export function drawnRoom(elements: i32): i32 {
  // From a block of 4 on, in groups of 16.
  return ((elements + 3 + 15) & ~15) >> 1;
}

/**
 * Touches the end of a thread's room: how much of it the sequences of a run need differs by thread, and
 * what was planned is what counts as used.
 */
@inline
export function touchRoom(own: usize, room: usize): void {
  if (room != 0) store<i32>(own + room - 4, 0);
}
