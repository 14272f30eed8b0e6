import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Exact, what needs a device's measurements, and what picks one of several. */
const BESIDE = ['dense', 'probed', 'estimatorOf'];

/** Functions of core's that make what is of a type, by their sources: all have it written out. */
function makersOf(folder: string, type: string): string[] {
  const from = new URL(`../../../core/src/${folder}/`, import.meta.url);
  const read = (file: string) => readFileSync(new URL(file, from), 'utf8');
  const exported = new Set(read('index.ts').match(/\w+/g));
  const makes = new RegExp(
    `^export (?:function|const) (\\w+)[^{;]*?\\([^;]*?\\): ${type}\\b`,
    'gm',
  );
  return readdirSync(from)
    .flatMap((file) => [...read(file).matchAll(makes)].map(([, name]) => name!))
    .filter((name) => exported.has(name) && !BESIDE.includes(name));
}

const listed = readFileSync(new URL('estimators.ts', import.meta.url), 'utf8');

it.each([...makersOf('estimators', 'GradientEstimator'), ...makersOf('sketches', 'Sketch')])(
  '%s is among the estimators whose variance is measured',
  (name) => {
    expect(listed.replace(/^import[^;]*;/gm, '')).toMatch(new RegExp(`\\b${name}\\b[(,]`));
  },
);
