import { describe, expect, it } from 'vitest';
import { faultsOf, withFault } from '../mutate/assembly.mjs';

const SOURCE = `import { at } from '../memory/lanes';

/** x + 1 for i < 2. */
export function addOne(x: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i += 4) {
    f32.store(at(x, i), f32.load(at(x, i)) + 1); // not 2 - 1
  }
}`;

describe('faults of AssemblyScript', () => {
  const faults = faultsOf('add.ts', SOURCE);
  const changed = faults.map((fault) => {
    const lines = withFault(SOURCE, fault).split('\n');
    return lines.filter((line, i) => line !== SOURCE.split('\n')[i]).map((line) => line.trim());
  });

  it('are of every kind, one line each, in code alone', () => {
    expect(changed).toEqual([
      ['for (let i: u32 = 0; i <= n; i += 4) {'],
      ['for (let i: u32 = 1; i < n; i += 4) {'],
      ['for (let i: u32 = -1; i < n; i += 4) {'],
      ['for (let i: u32 = 0; i < n; i += 5) {'],
      ['for (let i: u32 = 0; i < n; i += 3) {'],
      ['f32.store(at(x, i), f32.load(at(x, i)) - 1); // not 2 - 1'],
      ['f32.store(at(x, i), f32.load(at(x, i)) + 2); // not 2 - 1'],
      ['f32.store(at(x, i), f32.load(at(x, i)) + 0); // not 2 - 1'],
      ['; // not 2 - 1'],
    ]);
  });

  it('say what they are', () => {
    expect(faults[0]).toEqual({
      file: 'add.ts',
      mutator: 'EqualityOperator',
      replacement: ' <= ',
      location: { start: { line: 4, column: 24 }, end: { line: 4, column: 27 } },
    });
    expect([...new Set(faults.map(({ mutator }) => mutator))]).toEqual([
      'EqualityOperator',
      'Constant',
      'ArithmeticOperator',
      'DroppedStatement',
    ]);
  });
});
