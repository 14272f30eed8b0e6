/** Names that are listed at most. */
const LISTED = 4;

/**
 * The layers whose names are most like one that does not exist: that share most of its parts, as
 * `encoder.layer.3.ouput.dense` shares four with `encoder.layer.3.output.dense`. All kinds of layers
 * where it shares none.
 */
export function nearLayers(name: string, known: readonly string[]): string[] {
  const parts = new Set(name.split('.'));
  const shared = (other: string) => other.split('.').filter((part) => parts.has(part)).length;
  return known
    .map((other) => ({ other, shared: shared(other) }))
    .sort((a, b) => b.shared - a.shared)
    .slice(0, LISTED)
    .map(({ other }) => other);
}
