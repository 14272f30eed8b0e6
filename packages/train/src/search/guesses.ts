import type { LinearLayer, TensorData } from '@sketchgrad/core';
import type { BatchRows } from '../priorities/batch-rows.js';
import { RowNorms } from '../priorities/row-norms.js';
import { rowsOf } from '../source/rows-of.js';
import type { ProbeOptions } from './probe.js';
import type { ProbePasses } from './probe-passes.js';

/** Guesses of each row's ‖y_i‖², by layer. */
type ByLayer = Readonly<Record<string, Float32Array>>;

/** What the rows of a batch are ranked by. */
export interface Guesses {
  /** When no example was seen before: by what is known of other batches. */
  readonly first: ByLayer;
  /** When all were: by what the same examples had under other dropout. */
  readonly later: ByLayer;
}

/** A batch, and what its rows' norms were in a pass. */
interface Seen {
  readonly rows: (layer: string) => BatchRows;
  readonly layers: readonly Pick<LinearLayer, 'name'>[];
  readonly norms: (layer: string) => TensorData;
}

/** Guesses for each batch of the layers that are not free, from a pass over each. */
export async function guessNorms<Sizes extends object>(
  passes: ProbePasses<Sizes>,
  { priorities, free }: ProbeOptions,
  onPass: () => void,
): Promise<Guesses[]> {
  const seen: Seen[] = [];
  for (let index = 0; index < passes.batches; index++) {
    const { batch, layers } = await passes.batch(index);
    const rows = (layer: string) => rowsOf(batch, layer);
    seen.push({ rows, layers, norms: await passes.rowNorms(index) });
    onPass();
  }
  const guess = (batch: Seen, known: readonly Seen[]) => {
    const rowNorms = new RowNorms(priorities, passes.examples);
    const guesses: Record<string, Float32Array> = {};
    for (const { name } of batch.layers) {
      if (free.has(name)) continue;
      for (const each of known) rowNorms.record(name, each.rows(name), each.norms(name));
      guesses[name] = rowNorms.priorities(name, batch.rows(name));
    }
    return guesses;
  };
  return seen.map((batch) => ({
    first: guess(
      batch,
      seen.filter((other) => other !== batch),
    ),
    later: guess(batch, [batch]),
  }));
}
