import { threefryBlocks } from '../random/threefry';

/** 1/(1 − rate) in f32, the rate being threshold / 65536; as core's dropout. */
export function keptFactor(threshold: i32): f32 {
  return <f32>(65536.0 / <f64>(65536 - threshold));
}

/**
 * Draws the 16 random bits of elements first … first + count of a stream into a buffer of u16
 * (room for count + 32), and returns the address of the first one's.
 */
export function dropoutBits(buffer: usize, key: usize, stream: i32, first: u64, count: i32): usize {
  const offset = <i32>(first & 3);
  const groups = (offset + count + 15) >> 4;
  threefryBlocks(buffer, key, stream, <u32>(first >> 2), groups);
  return buffer + (<usize>offset << 1);
}
