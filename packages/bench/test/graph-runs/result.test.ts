import { expect, test } from 'vitest';
import { formatGraphResult } from '../../src/node/graph-runs/result.js';
import { handMade } from './hand-made.js';

test('a result says its scores, its epoch, its time and its bytes', () => {
  expect(formatGraphResult(handMade()).split('\n')).toEqual([
    'cora, gcn2 64 × 16, dense, backend cpu: test accuracy 0.5000, valid 0.7500, of epoch 12',
    '30 epochs of 0.250 s; peak of a step 8.00 MiB planned, 7.00 MiB measured; of the whole process 90.0 MiB resident; 4.00 MiB kept for the backward pass, 2.00 MiB of it by linear layers',
    "3 graphs compiled; 6.3 % of the batches' rows empty",
  ]);
});

test('a resumed run that had nothing left to make says no time', () => {
  const text = formatGraphResult(handMade({ secondsPerEpoch: null, keep: { norm: 8 } }));
  expect(text).toContain('dense, keep norm=8, backend cpu');
  expect(text).toContain('\n30 epochs; peak of a step 8.00 MiB planned');
});
