import { expect, test } from 'vitest';
import { comparisonTable } from '../src/node/comparison-table.js';

const rows = [
  { name: 'dense', bytes: 200 },
  { name: 'rmm', bytes: 50 },
  { name: 'unknown', bytes: null },
];

test('numbers stand beside their ratio to the first row', () => {
  const text = comparisonTable(rows, [
    { title: 'estimator', text: ({ name }) => name },
    { title: 'kept', text: ({ bytes }) => `${bytes ?? '?'} B`, value: ({ bytes }) => bytes },
  ]);
  const lines = text.split('\n').map((line) => line.replace(/[│─┌┐└┘├┤┬┴┼]/g, ' ').trim());
  expect(lines.filter(Boolean).map((line) => line.split(/\s{2,}/))).toEqual([
    ['estimator', 'kept'],
    ['dense', '200 B'],
    ['rmm', '50 B', '0.25 ×'],
    ['unknown', '? B'],
  ]);
});

test('a table has no colour codes', () => {
  const text = comparisonTable(rows, [{ title: 'estimator', text: ({ name }) => name }]);
  expect([...text].some((character) => character.charCodeAt(0) === 27)).toBe(false);
});
