import { type Mutation, mutations } from './mutations.js';
import { commonPackings, type Packing } from './packing.js';
import { Random } from './random.js';
import type { Files, FuzzReader } from './reader.js';

/** A run's input, before it is written to disk. */
export interface DrawnInput {
  readonly files: Files;
  readonly whole: Files;
  /** What was done, for the report: `train.csv.gz(content): truncate`. */
  readonly changes: readonly string[];
}

/** What inputs are drawn from. */
export interface InputSource {
  readonly reader: FuzzReader;
  readonly samples: readonly Files[];
  readonly seed: number;
  readonly longestRun: number;
}

const all = Object.entries(mutations);

/**
 * The input of a run: the first runs are the samples as they are, each later one a sample with a few
 * mutations of the file's bytes, of what is packed in it, or of both.
 */
export function inputOf(
  { reader, samples, seed, longestRun }: InputSource,
  run: number,
): DrawnInput {
  const sample = samples[run];
  if (sample !== undefined) return { files: sample, whole: sample, changes: [] };
  const random = new Random(seed, run);
  const chosen = random.of(samples);
  const files: Record<string, Uint8Array> = { ...chosen };
  const whole: Record<string, Uint8Array> = { ...chosen };
  const paths = Object.keys(chosen).filter(reader.changes ?? (() => true));
  const changes: string[] = [];
  const tokens = (reader.tokens ?? []).map((token) =>
    typeof token === 'string' ? new TextEncoder().encode(token) : token,
  );
  const mutate = (bytes: Uint8Array, other: Uint8Array, place: string): Uint8Array => {
    let result = bytes;
    for (let more = true; more; more = random.chance(0.4)) {
      const [name, mutation]: [string, Mutation] = random.of(all);
      changes.push(`${place}: ${name}`);
      result = mutation(result, { random, tokens, other, longestRun });
    }
    return result;
  };
  for (let more = true; more; more = random.chance(0.1)) {
    const path = random.of(paths);
    const other = random.of(samples)[path] ?? chosen[path]!;
    const packing = [...(reader.packings ?? []), ...commonPackings].find(({ suffix }) =>
      path.endsWith(suffix),
    );
    const [inside, outside] = random.of(
      packing
        ? [
            [true, false],
            [true, false],
            [false, true],
            [true, true],
          ]
        : [[false, true]],
    ) as [boolean, boolean];
    if (packing && inside)
      whole[path] = repacked(packing, chosen[path]!, other, mutate, random, path);
    files[path] = outside ? mutate(whole[path]!, other, path) : whole[path]!;
  }
  return { files, whole, changes };
}

function repacked(
  packing: Packing,
  bytes: Uint8Array,
  otherBytes: Uint8Array,
  mutate: (bytes: Uint8Array, other: Uint8Array, place: string) => Uint8Array,
  random: Random,
  path: string,
): Uint8Array {
  const parts = { ...packing.unpack(bytes) };
  const part = random.of(Object.keys(parts));
  const others = Object.values(packing.unpack(otherBytes));
  const place = `${path}(${part || 'content'})`;
  return packing.pack({ ...parts, [part]: mutate(parts[part]!, random.of(others), place) });
}
