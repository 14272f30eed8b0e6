/** The cells of a table for people, line by line; a ratio counts as a cell. */
export const cells = (table: string): string[][] =>
  table
    .split('\n')
    .map((line) => line.replace(/[│─┌┐└┘├┤┬┴┼]/g, ' ').trim())
    .filter(Boolean)
    .map((line) => line.split(/\s{2,}/));
