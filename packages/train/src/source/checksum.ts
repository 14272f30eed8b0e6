/** Tells contents apart, be it data or text: FNV-1a over their bytes, 32 bits, in hexadecimal. */
export function checksum(parts: Iterable<ArrayBufferView | string>): string {
  let hash = 0x811c9dc5;
  for (const part of parts)
    for (const byte of bytesOf(part)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

const bytesOf = (part: ArrayBufferView | string): Uint8Array =>
  typeof part === 'string'
    ? new TextEncoder().encode(part)
    : new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
