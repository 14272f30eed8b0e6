import { reshape, type Shape, type Value } from '@sketchgrad/core';

const product = (shape: Shape): number => shape.reduce((all, size) => all * size, 1);

/** Features as rows: f32 [..., n] → [rows, n]. */
export const asRows = (x: Value): Value =>
  x.shape.length === 2 ? x : reshape(x, [product(x.shape.slice(0, -1)), x.shape.at(-1)!]);

/** Rows of features as they lay before: f32 [rows, n] → [...of, n], `of` without its last axis. */
export const rowsAs = (rows: Value, of: Shape): Value =>
  of.length === 2 ? rows : reshape(rows, [...of.slice(0, -1), rows.shape[1]!]);
