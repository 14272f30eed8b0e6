/** The rank of each of some priorities in falling order, ties by position: 0 for the greatest. */
export function ranksOf(priorities: ArrayLike<number>): Int32Array {
  const order = Array.from({ length: priorities.length }, (_, row) => row);
  order.sort((a, b) => priorities[b]! - priorities[a]! || a - b);
  const ranks = new Int32Array(priorities.length);
  order.forEach((row, rank) => {
    ranks[row] = rank;
  });
  return ranks;
}
