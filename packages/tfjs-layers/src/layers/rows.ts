import { elements, reshape, type Shape, type Value } from '@sketchgrad/core';

/** Features as rows: f32 [..., n] → [rows, n]. */
export const asRows = (x: Value): Value =>
  x.shape.length === 2 ? x : reshape(x, [elements(x) / x.shape.at(-1)!, x.shape.at(-1)!]);

/** Rows of features as they lay before: f32 [rows, n] → [...of, n], `of` without its last axis. */
export const rowsAs = (rows: Value, of: Shape): Value =>
  of.length === 2 ? rows : reshape(rows, [...of.slice(0, -1), rows.shape[1]!]);
