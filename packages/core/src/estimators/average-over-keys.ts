/** Draws that an expectation without a closed form is averaged over. */
const DRAWS = 16;

/** The mean of what `draw` gives for sixteen fixed keys, (seed, step), i32 [2]. */
export function averageOverKeys(draw: (key: Int32Array) => number): number {
  let total = 0;
  for (let at = 0; at < DRAWS; at++) total += draw(Int32Array.of(-1, at));
  return total / DRAWS;
}
