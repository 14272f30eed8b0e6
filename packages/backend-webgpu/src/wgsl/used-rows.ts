/** What USED_ROWS is told: how many rows there are, and at which of `starts` they end; {@link ALL} for all. */
export const USED_ROWS_UNIFORMS = { rows: 'u32', last: 'u32' } as const;

/** In place of the position of the last start, where no rows are nobody's. */
export const ALL = 0xffff_ffff;

/** `usedRows()`: how many rows are somebody's, by an array of i32 starts. */
export const usedRows = (starts: string): string => `
fn usedRows() -> u32 {
  if (uniforms.last == ${ALL}u) { return uniforms.rows; }
  return u32(clamp(${starts}[uniforms.last], 0i, i32(uniforms.rows)));
}
`;
