// Readers with a fault each, which a run has to be charged with: `pnpm fuzz --readers` on this file.
import { DataError } from '@sketchgrad/core';
import type { FuzzReader } from '@sketchgrad/testing/fuzz';

const text = 'one,2\nthree,4\n';

// Damaged inputs are those that are not the sample.
const faulty = (name: string, onDamage: () => unknown): FuzzReader => ({
  name,
  samples: () => [{ 'table.csv': Buffer.from(text) }],
  read: ({ files }) => {
    if (Buffer.from(files['table.csv']!).equals(Buffer.from(text))) return true;
    return onDamage();
  },
  check: (answer) => {
    if (answer !== true) throw new Error('not true');
  },
});

export const readers: readonly FuzzReader[] = [
  faulty('right', () => {
    throw new DataError('table.csv', 'is damaged');
  }),
  faulty('untyped', () => {
    throw new TypeError('undefined is no function');
  }),
  faulty('wrong', () => 'another answer'),
  faulty('wordy', () => {
    throw new DataError('table.csv', 'x'.repeat(10_000));
  }),
  faulty('uncaught', () => {
    setImmediate(() => {
      throw new Error('thrown by a stream');
    });
    return new Promise(() => setInterval(() => {}, 1000));
  }),
  faulty('exits', () => process.exit(0)),
  faulty('waits', () => new Promise(() => {})),
  faulty('hangs', () => {
    for (;;);
  }),
  faulty('greedy', () => new Uint8Array(600 * 2 ** 20).fill(1)[0] === 1),
  {
    ...faulty('refuses', () => true),
    read: () => {
      throw new DataError('table.csv', 'is refused');
    },
  },
];
