import { describeValue, UsageError } from '@sketchgrad/core';

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/**
 * Bytes from a text with a unit, `600MB` or `1.5 GiB`, powers of 1000 and of 1024 as their names
 * say, in letters of either case; or from a number that is bytes already.
 *
 * @throws UsageError for a text without a unit, nonsense, or less than a byte
 */
export function byteSize(size: number | string): number {
  const bytes = Math.floor(
    typeof size === 'number' ? size : typeof size === 'string' ? parse(size) : Number.NaN,
  );
  if (bytes >= 1 && Number.isSafeInteger(bytes)) return bytes;
  throw new UsageError(
    `${describeValue(size)} is no size in bytes; accepted: a number above 0 with a unit of ` +
      `${Object.keys(UNITS).join(', ')}, such as 600MB or 1.5GiB`,
  );
}

function parse(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?|\.\d+)\s*([a-z]+)$/i.exec(text.trim()) ?? [];
  const name = Object.keys(UNITS).find((known) => known.toLowerCase() === unit?.toLowerCase());
  return name === undefined ? Number.NaN : Number(number) * UNITS[name]!;
}
