import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { type InputSource, inputOf } from '../../src/fuzz/input.js';
import { mutations } from '../../src/fuzz/mutations.js';
import { Random } from '../../src/fuzz/random.js';
import type { Files } from '../../src/fuzz/reader.js';

const text = Buffer.from('{"size": 12, "name": "x"}\n1\t2\n3\t4\n');
const sourceOf = (...samples: Files[]): InputSource => ({
  reader: { name: 'any', samples: () => samples, read: () => true, check: () => {} },
  samples,
  seed: 7,
  longestRun: 1 << 12,
});
const digest = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex');
const runs = Array.from({ length: 400 }, (_, run) => run + 1);

describe('mutated inputs', () => {
  it('are the same for the same seed and run, and others for other ones', () => {
    const source = sourceOf({ a: text });
    const drawn = runs.map((run) => digest(inputOf(source, run).files.a!));
    expect(runs.map((run) => digest(inputOf(source, run).files.a!))).toEqual(drawn);
    expect(new Set(drawn).size).toBeGreaterThan(300);
    const other = inputOf({ ...source, seed: 8 }, 3);
    expect(digest(other.files.a!)).not.toBe(drawn[2]);
  });

  it('come of every mutation there is', () => {
    const seen = new Set(
      runs.flatMap((run) => inputOf(sourceOf({ a: text }), run).changes.map((c) => c.slice(3))),
    );
    expect([...seen].sort()).toEqual(Object.keys(mutations).sort());
  });

  it('stay small enough that a reader, not the mutation, takes the memory', () => {
    const longestRun = 1 << 12;
    const line = new Uint8Array(longestRun / 2).fill(0x61);
    for (const run of runs) {
      const context = { random: new Random(7, run), tokens: [], other: line, longestRun };
      const { length } = mutations.changeLines!(line, context);
      expect(length).toBeLessThanOrEqual(line.length + longestRun);
    }
  });

  it('leave the sample alone, and run 0 is it', () => {
    const before = text.toString();
    const source = sourceOf({ a: text });
    for (const run of runs) inputOf(source, run);
    expect(text.toString()).toBe(before);
    expect(inputOf(source, 0).files).toEqual({ a: text });
  });

  it('change what is packed, and pack it anew', () => {
    const source = sourceOf({ 'a.gz': gzipSync(text), 'b.zip': zipSync({ c: text, d: text }) });
    let inside = 0;
    for (const run of runs) {
      const { whole, changes } = inputOf(source, run);
      if (changes.some((change) => change.includes('('))) inside += 1;
      expect(gunzipSync(whole['a.gz']!)).toBeInstanceOf(Uint8Array);
      expect(Object.keys(unzipSync(whole['b.zip']!))).toEqual(['c', 'd']);
    }
    expect(inside).toBeGreaterThan(200);
  });

  it('touch only the files that the reader lets change', () => {
    const source = sourceOf({ a: text, b: text });
    const chosen = { ...source, reader: { ...source.reader, changes: (p: string) => p === 'b' } };
    for (const run of runs) expect(inputOf(chosen, run).files.a).toBe(text);
  });
});
