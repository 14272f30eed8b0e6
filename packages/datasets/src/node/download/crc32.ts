// x^32 + x^26 + … + 1 with its bits reversed; Node 20.0's zlib has no such function yet.
const polynomial = 0xedb88320;

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1;
  }
  return remainder;
});

/**
 * The CRC-32 of zip archives and gzip (RFC 1952, section 8): of `123456789` it is cbf43926.
 *
 * @param before of the bytes that come before these; none unless given
 * @returns an unsigned 32-bit integer
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let remainder = ~before;
  for (let at = 0; at < bytes.length; at++) {
    remainder = table[(remainder ^ bytes[at]!) & 0xff]! ^ (remainder >>> 8);
  }
  return ~remainder >>> 0;
}
