import type { KernelCall } from './kernel.js';

/** Some neighbouring heads of one sequence of the batch. */
export interface HeadGroup {
  readonly batch: number;
  /** The first head. */
  readonly first: number;
  readonly heads: number;
}

interface Sizes {
  readonly batch: number;
  readonly sequence: number;
  readonly heads: number;
  readonly size: number;
  readonly features: number;
}

/** A group's scores shall not be larger than this, so that a core's caches hold most of them. */
export const GROUP_BYTES = 1 << 20;

/** Cuts a batch's heads into groups: as large as the cache allows, at least one for each thread. */
export function headGroups({ batch, sequence, heads }: Sizes, threads: number): HeadGroup[] {
  if (batch * sequence * heads === 0) return [];
  const fitting = Math.max(1, Math.floor(GROUP_BYTES / (sequence * sequence * 4)));
  const shared = Math.max(1, Math.ceil((heads * batch) / threads));
  const most = Math.min(heads, fitting, shared);
  const count = Math.ceil(heads / most);
  const groups: HeadGroup[] = [];
  for (let at = 0; at < batch; at++) {
    for (let group = 0; group < count; group++) {
      const first = Math.floor((heads * group) / count);
      const end = Math.floor((heads * (group + 1)) / count);
      groups.push({ batch: at, first, heads: end - first });
    }
  }
  return groups;
}

/** Where a group's first row of the `which`-th (0 query, 1 key, 2 value) projection lies, and rows' stride. */
function rowsAt(
  { batch, first }: HeadGroup,
  { sequence, size, features, columns = 3 * features }: Sizes & { readonly columns?: number },
  address: number,
  which: number,
): [address: number, stride: number] {
  const column = which * features + first * size;
  return [address + (batch * sequence * columns + column) * 4, columns * 4];
}

/**
 * Copies a group's heads to a stack of matrices, times a factor: `rows` makes [heads, sequence, size],
 * `columns` makes [heads, size, sequence].
 */
export function packHeads(
  group: HeadGroup,
  sizes: Sizes & { readonly columns?: number },
  address: number,
  which: number,
  target: number,
  order: 'rows' | 'columns',
  factor = 1,
): KernelCall {
  const [source, stride] = rowsAt(group, sizes, address, which);
  const { sequence, size } = sizes;
  const shape = [source, stride, group.heads, sequence, size, target];
  return order === 'rows'
    ? { kernel: 'packHeads', arguments: [...shape, factor] }
    : { kernel: 'packHeadsTransposed', arguments: shape };
}

/** Copies a stack [heads, sequence, size] back to where the group's rows lie, times a factor. */
export function unpackHeads(
  group: HeadGroup,
  sizes: Sizes & { readonly columns?: number },
  source: number,
  address: number,
  which: number,
  factor = 1,
): KernelCall {
  const [target, stride] = rowsAt(group, sizes, address, which);
  const { sequence, size } = sizes;
  return {
    kernel: 'unpackHeads',
    arguments: [source, group.heads, sequence, size, target, stride, factor],
  };
}
