import type { CodeAttributes } from '@sketchgrad/core/backend';

type Layout = Pick<CodeAttributes, 'segments' | 'group' | 'features'>;

/** What CODES is told: rows of codes of 8, 4, 3 and 2 bits, of which those of the lowest ranks are the widest. */
export const CODES_UNIFORMS = {
  wide: 'vec4u',
  features: 'u32',
  groupSize: 'u32',
  ranked: 'u32',
  stream: 'u32',
} as const;

/** How kernels are told of a layout. */
export function codesUniforms(
  { segments, group, features }: Layout,
  { ranked, stream }: { readonly ranked: boolean; readonly stream: number | undefined },
) {
  const rows = (bits: number) => segments.find((segment) => segment.bits === bits)?.rows ?? 0;
  return {
    wide: [rows(8), rows(4), rows(3), rows(2)],
    ...{ features, groupSize: group, ranked: Number(ranked), stream: stream ?? 0 },
  };
}

/**
 * `codesOf(row, rows)`, how many bits a row's codes have and the word where they begin; `randomAt(key, row, f)`, the bits that
 * decide how a feature is rounded, or `randomOf(words, f)` of the words that `wordsOf(key, row, f / 64)` gives for 64 features: as
 * core has them (quantization/rounding.ts). To be had beside THREEFRY.
 */
export const codes = (ranks: string): string => `
const MULTIPLIERS = array<u32, 16>(${multipliers()});

fn codesOf(row: u32, rows: u32) -> vec2u {
  var rank = row;
  if (uniforms.ranked != 0u) { rank = u32(clamp(${ranks}[row], 0i, i32(rows) - 1i)); }
  let widths = vec4u(8u, 4u, 3u, 2u);
  let packs = (uniforms.features + 31u) / 32u;
  var word = 0u;
  for (var at = 0u; at < 4u; at++) {
    let count = uniforms.wide[at];
    if (rank < count) { return vec2u(widths[at], word + rank * packs * widths[at]); }
    rank -= count;
    word += count * packs * widths[at];
  }
  return vec2u(1u, word + rank * packs);
}

fn wordsOf(key: vec2u, row: u32, chunk: u32) -> vec4u {
  let block = 2u * (row * ((uniforms.features + 63u) / 64u) + chunk);
  return vec4u(
    threefry(key, vec2u(uniforms.stream, block)),
    threefry(key, vec2u(uniforms.stream, block + 1u)),
  );
}

fn randomAt(key: vec2u, row: u32, f: u32) -> u32 {
  let block = 2u * (row * ((uniforms.features + 63u) / 64u) + f / 64u) + ((f >> 1u) & 1u);
  let words = threefry(key, vec2u(uniforms.stream, block));
  return (select(words.x, words.y, (f & 1u) == 1u) * MULTIPLIERS[(f >> 2u) & 15u]) >> 16u;
}

fn randomOf(words: vec4u, f: u32) -> u32 { return (words[f & 3u] * MULTIPLIERS[(f >> 2u) & 15u]) >> 16u; }
`;

/** Powers of core's multiplier, of which 16 features that share a word take one each. */
function multipliers(): string {
  const powers = [1];
  while (powers.length < 16) powers.push(Math.imul(powers.at(-1)!, 0x235d898d) >>> 0);
  return powers.map((power) => `${power}u`).join(', ');
}
