/**
 * Numbers of 64 bits that are not below 0, as IEEE 754 lays them out, the upper 32 bits first; each result rounded
 * to even as it has it. WGSL has none, and rows are drawn by sums of this width. To be had beside WORDS.
 *
 * - `doubleOf(words, more, exponent)`: (words + a rest, if there is one) · 2^exponent
 * - `doubleOfFloat(bits)`, `doubleOfInteger(n)`
 * - `addDoubles(a, b)`, `subtractDoubles(a, b)` for a ≥ b, `multiplyDoubles(a, b)`, `divideDouble(a, by)` for by < 2³¹
 * - `isLess(a, b)`; `floorOf(a)` for a < 2³²; `ratio(a, b)`: a / b as f32, to about 1 ulp
 */
export const DOUBLE = `
fn doubleOf(words: vec2u, more: bool, exponent: i32) -> vec2u {
  if (all(words == vec2u())) { return words; }
  let zeros = select(countLeadingZeros(words.x), 32u + countLeadingZeros(words.y), words.x == 0u);
  let aligned = shiftLeft(words, zeros);
  let rest = aligned.y & 0x7ffu;
  var mantissa = shiftRight(aligned, 11u);
  if (rest > 0x400u || (rest == 0x400u && (more || (mantissa.y & 1u) == 1u))) { mantissa = addWords(mantissa, vec2u(0u, 1u)); }
  // A mantissa that is rounded up to 2⁵³ is one more of the exponent.
  return vec2u((u32(exponent - i32(zeros) + 1085) << 20u) + mantissa.x, mantissa.y);
}

fn mantissaOf(a: vec2u) -> vec2u {
  return select(vec2u((a.x & 0xfffffu) | 0x100000u, a.y), a, all(a == vec2u()));
}

fn exponentOf(a: vec2u) -> i32 { return i32(a.x >> 20u) - 1075; }

fn doubleOfFloat(bits: u32) -> vec2u {
  let exponent = (bits >> 23u) & 0xffu;
  let mantissa = bits & 0x7fffffu;
  return doubleOf(vec2u(0u, select(mantissa | 0x800000u, mantissa, exponent == 0u)), false, i32(max(exponent, 1u)) - 150);
}

fn doubleOfInteger(n: u32) -> vec2u { return doubleOf(vec2u(0u, n), false, 0); }

fn isLess(a: vec2u, b: vec2u) -> bool { return a.x < b.x || (a.x == b.x && a.y < b.y); }

fn addDoubles(a: vec2u, b: vec2u) -> vec2u {
  let larger = select(a, b, isLess(a, b));
  let smaller = select(b, a, isLess(a, b));
  let exponent = exponentOf(larger);
  let bits = u32(exponent - exponentOf(smaller));
  let wide = shiftLeft(mantissaOf(smaller), 10u);
  let part = shiftRight(wide, bits);
  let more = any(shiftLeft(part, min(bits, 63u)) != wide);
  return doubleOf(addWords(shiftLeft(mantissaOf(larger), 10u), part), more, exponent - 10);
}

fn subtractDoubles(a: vec2u, b: vec2u) -> vec2u {
  let exponent = exponentOf(a);
  let wide = shiftLeft(mantissaOf(a), 10u);
  let part = shiftRight(shiftLeft(mantissaOf(b), 10u), u32(exponent - exponentOf(b)));
  return doubleOf(addWords(addWords(wide, ~part), vec2u(0u, 1u)), false, exponent - 10);
}

fn multiplyDoubles(a: vec2u, b: vec2u) -> vec2u {
  if (all(a == vec2u()) || all(b == vec2u())) { return vec2u(); }
  let x = mantissaOf(a);
  let y = mantissaOf(b);
  let low = multiplyWide(x.y, y.y);
  // 2¹⁰⁴ to 2¹⁰⁶ in all, so that the middle has room.
  let middle = addWords(addWords(multiplyWide(x.x, y.y), multiplyWide(x.y, y.x)), vec2u(0u, low.x));
  let high = addWords(multiplyWide(x.x, y.x), vec2u(0u, middle.x));
  let top = vec2u((high.x << 20u) | (high.y >> 12u), (high.y << 20u) | (middle.y >> 12u));
  let more = (middle.y & 0xfffu) != 0u || low.y != 0u;
  return doubleOf(top, more, exponentOf(a) + exponentOf(b) + 44);
}

fn divideDouble(a: vec2u, by: u32) -> vec2u {
  if (all(a == vec2u())) { return a; }
  let mantissa = mantissaOf(a);
  var quotient = vec2u();
  var rest = 0u;
  var exponent = exponentOf(a);
  // Digit by digit: those of the mantissa, then zeros until there are as many as are rounded.
  for (var bit = 52; bit >= 0 || quotient.x < 0x400000u; bit--) {
    rest <<= 1u;
    if (bit >= 0) { rest |= shiftRight(mantissa, u32(bit)).y & 1u; } else { exponent--; }
    quotient = shiftLeft(quotient, 1u);
    if (rest >= by) {
      rest -= by;
      quotient.y |= 1u;
    }
  }
  return doubleOf(quotient, rest != 0u, exponent);
}

fn floorOf(a: vec2u) -> u32 {
  if (all(a == vec2u())) { return 0u; }
  return shiftRight(mantissaOf(a), u32(-exponentOf(a))).y;
}

fn ratio(a: vec2u, b: vec2u) -> f32 {
  // 31 bits of each.
  let above = f32(shiftRight(mantissaOf(a), 22u).y);
  let under = f32(shiftRight(mantissaOf(b), 22u).y);
  let exponent = exponentOf(a) - exponentOf(b);
  let half = exponent / 2;
  return ldexp(ldexp(above / under, half), exponent - half);
}
`;
