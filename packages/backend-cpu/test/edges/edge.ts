import type { Edge } from '@sketchgrad/testing';

type Where = NonNullable<Edge['where']>;

/** Edges along one axis: lists of sizes, and the op's other sizes, where they matter, behind them. */
export function along(axis: string, ...sizes: readonly (readonly number[] | Where)[]): Edge[] {
  const lists = sizes.filter((each): each is readonly number[] => Array.isArray(each));
  const where = sizes.find((each): each is Where => !Array.isArray(each));
  return [...new Set(lists.flat())].map((at) => {
    if (!Number.isInteger(at)) throw new Error(`an edge along ${axis} is at ${at}`);
    return { along: axis, at, ...(where ? { where } : {}) };
  });
}
