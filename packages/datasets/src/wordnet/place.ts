/**
 * A hash of a text as a whole number from −2^31 to 2^31 − 1, the same on every machine: FNV-1a over
 * the characters, then MurmurHash3's finalizer. Without that, neighbouring offsets, which are
 * neighbours in meaning too, would stay neighbours.
 */
export function placeOf(key: string): number {
  let mixed = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    mixed = Math.imul(mixed ^ key.charCodeAt(index), 0x01000193);
  }
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** The first place that is not in the lowest `share` of all places; an engine sorts such integers fast. */
export function placeAfter(share: number): number {
  return Math.ceil(-(2 ** 31) + 2 ** 32 * share);
}
