/** Threads that share a row. */
export const ROW_THREADS = 32;

/**
 * `rowTotal(value, thread, slot)` and `rowLargest`, over the threads of a workgroup of {@link ROW_THREADS}, in
 * an order of its own. Each call in a row, up to four, takes another slot, 0 to 3, and is made by all threads.
 */
export const ROWS = `
var<workgroup> partials: array<f32, ${4 * ROW_THREADS}>;

fn rowTotal(value: f32, thread: u32, slot: u32) -> f32 {
  partials[${ROW_THREADS}u * slot + thread] = value;
  workgroupBarrier();
  var sum = 0.0;
  for (var at = 0u; at < ${ROW_THREADS}u; at++) { sum += partials[${ROW_THREADS}u * slot + at]; }
  return sum;
}

fn rowLargest(value: f32, thread: u32, slot: u32) -> f32 {
  partials[${ROW_THREADS}u * slot + thread] = value;
  workgroupBarrier();
  var most = partials[${ROW_THREADS}u * slot];
  for (var at = 1u; at < ${ROW_THREADS}u; at++) { most = max(most, partials[${ROW_THREADS}u * slot + at]); }
  return most;
}
`;
