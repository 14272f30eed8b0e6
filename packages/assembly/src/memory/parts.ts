/** Where part `index` of `parts` nearly equal ones of 0 … count begins; the longer ones come first. */
@inline
export function partBegin(count: u32, parts: u32, index: u32): u32 {
  return index * (count / parts) + min(index, count % parts);
}
