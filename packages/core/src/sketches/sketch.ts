import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import type { Moments } from '../variance/moments.js';

/** A random matrix S [n, p] with E[S Sᵀ] = I that is drawn where it is applied, never stored. */
export interface Sketch {
  readonly name: string;
  /** Sᵀ x. f32 [n, features] → f32 [rows, features]. The same key gives the same S. */
  apply(x: Value, key: Key, rows: number): Value;
  /** Exact E‖(Sᵀ Y)ᵀ (Sᵀ X) − Yᵀ X‖²_F for a sketch of `rows` rows. */
  variance(moments: Moments, rows: number): number;
}
