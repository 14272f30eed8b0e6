/** `beginOf(count, parts, at)`: where the `at`-th of nearly equal parts begins, the longer ones first; `partOf`, of an element. */
export const PARTS = `
fn beginOf(count: u32, parts: u32, at: u32) -> u32 { return at * (count / parts) + min(at, count % parts); }

fn partOf(count: u32, parts: u32, element: u32) -> u32 {
  let size = count / parts;
  let longer = count % parts * (size + 1u);
  if (element < longer) { return element / (size + 1u); }
  return count % parts + (element - longer) / size;
}
`;
