import type { TensorData } from '@sketchgrad/core';

/** What an output predicted of a batch, and what was wanted. */
export interface Judged {
  /** [rows · columns] */
  readonly predicted: TensorData;
  /** Of values [rows · columns], or of classes [rows]. */
  readonly targets: TensorData;
  /** Numbers of the output's last axis. */
  readonly columns: number;
}

/** What a batch's predictions are judged by. */
export interface Metric {
  /** As TensorFlow.js calls it in its logs: `acc`. */
  readonly name: string;
  /** Whether it tells more of a better model: which evaluation is the best is decided by it. */
  readonly isScore: boolean;
  /** What targets it takes. */
  readonly targets: 'values' | 'classes' | 'both';
  /** The mean over the batch, as TensorFlow.js has it. */
  of(judged: Judged): number;
}

/** The mean of what is made of each of so many. */
export function meanOf(count: number, of: (at: number) => number): number {
  let sum = 0;
  for (let at = 0; at < count; at++) sum += of(at);
  return sum / count;
}

/** The place of the largest number of a row. */
export function largestOf(data: ArrayLike<number>, row: number, columns: number): number {
  const from = row * columns;
  let best = 0;
  for (let at = 1; at < columns; at++) if (data[from + at]! > data[from + best]!) best = at;
  return best;
}
