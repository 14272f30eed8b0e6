/**
 * How many tokens of each sentence stay when both together may have `room` tokens: the longer one is
 * cut first, and where both are longer than half of the room it is shared out, the odd token going to
 * the longer one (to the second where they are equally long). It is the rule that the Rust tokenizers
 * library calls longest-first, so that a model sees the same tokens here as in transformers.
 *
 * @returns tokens kept of the first and of the second sentence
 */
export function longestFirst(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second];
  const shorter = Math.min(first, second);
  const smallHalf = Math.floor(room / 2);
  const keptOfShorter = Math.min(shorter, smallHalf);
  const keptOfLonger = room - keptOfShorter;
  return first > second ? [keptOfLonger, keptOfShorter] : [keptOfShorter, keptOfLonger];
}
