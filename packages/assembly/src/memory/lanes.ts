// Vectors of four f32 at addresses in bytes. A load may read up to three elements behind a tensor's
// end: allocations are padded to 64 bytes. A store never writes there.

/** Address of element `index`. */
@inline
export function at(address: usize, index: u32): usize {
  return address + (usize(index) << 2);
}

/** Four elements from `index` on. */
@inline
export function load4(address: usize, index: u32): v128 {
  return v128.load(at(address, index));
}

/** Writes the elements of `value` that lie before `end`, of which there is at least one. */
@inline
export function store4(address: usize, index: u32, end: u32, value: v128): void {
  if (end - index >= 4) v128.store(at(address, index), value);
  else storeSome(at(address, index), end - index, value);
}

function storeSome(address: usize, count: u32, value: v128): void {
  v128.store32_lane(address, value, 0);
  if (count > 1) v128.store32_lane(address, value, 1, 4);
  if (count > 2) v128.store32_lane(address, value, 2, 8);
}

/** All bits set in the lanes that lie before `end`, none in the others. */
@inline
export function lanesBefore(index: u32, end: u32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(i32(min(end - index, 4))));
}

/** Four elements from `index` on, 0 from `end` on. */
@inline
export function load4OrZero(address: usize, index: u32, end: u32): v128 {
  return v128.and(load4(address, index), lanesBefore(index, end));
}

/** The sum of the lanes. */
@inline
export function sumLanes(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}
