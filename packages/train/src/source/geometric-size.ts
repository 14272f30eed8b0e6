/**
 * A count rounded up, so that few sizes stand for many: to the next of 2^(1/perOctave) times as much
 * each, and a multiple of `together`. As it is where there are ∞ to an octave.
 */
export function geometricSize(count: number, perOctave: number, together: number): number {
  if (perOctave === Number.POSITIVE_INFINITY) return count;
  const at = (step: number) => Math.ceil(2 ** (step / perOctave) / together) * together;
  // One below where it should be, since a logarithm may be off.
  let step = Math.ceil(Math.log2(count) * perOctave) - 1;
  while (at(step) < count) step++;
  return at(step);
}
