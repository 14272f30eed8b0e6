/**
 * `threefry(key, counter)`, Threefry2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1,
 * 2, 3", SC 2011): core's words to the bit. Blocks of a stream below 2³² are its, with the counter (stream, block).
 */
export const THREEFRY = `
fn rotateLeft(x: u32, bits: u32) -> u32 { return (x << bits) | (x >> (32u - bits)); }

fn threefry(key: vec2u, counter: vec2u) -> vec2u {
  var keys = array<u32, 3>(key.x, key.y, key.x ^ key.y ^ 0x1bd11bdau);
  var x = counter + key;
  for (var group = 1u; group <= 5u; group++) {
    let rotations = select(vec4u(17u, 29u, 16u, 24u), vec4u(13u, 15u, 26u, 6u), (group & 1u) == 1u);
    for (var round = 0u; round < 4u; round++) {
      x.x += x.y;
      x.y = rotateLeft(x.y, rotations[round]) ^ x.x;
    }
    x.x += keys[group % 3u];
    x.y += keys[(group + 1u) % 3u] + group;
  }
  return x;
}
`;
