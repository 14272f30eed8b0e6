import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { collectGarbage } from '../src/node/collect-garbage.js';
import { ResidentPeak } from '../src/node/resident-peak.js';

/** Far above what else comes and goes in a test process. */
const HELD = 2 ** 28;

/** Memory that is really there, held until the function that comes back is called. */
function hold(bytes: number): () => number {
  const held = Buffer.alloc(bytes, 1);
  return () => held.length;
}

for (const sampling of [false, true])
  test(`sees memory that is taken ${sampling ? 'by looking now and then' : 'between two looks'}`, async () => {
    // What the test before has left behind would make room for this one's.
    collectGarbage();
    const peak = new ResidentPeak({ sampling });
    const before = peak.bytes;
    const release = hold(HELD);
    if (sampling) await sleep(60);
    expect(peak.bytes - before).toBeGreaterThan(HELD * 0.7);
    expect(release()).toBe(HELD);
    peak.stop();
  });

test('forgets at a reset what came before', () => {
  const peak = new ResidentPeak();
  const release = hold(HELD);
  expect(release()).toBe(HELD);
  peak.reset();
  expect(peak.bytes).toBeLessThan(process.memoryUsage.rss() + HELD * 0.3);
  peak.stop();
});

test('collecting garbage gives back what nothing refers to', () => {
  collectGarbage();
  const before = process.memoryUsage.rss();
  hold(HELD)();
  collectGarbage();
  expect(process.memoryUsage.rss() - before).toBeLessThan(HELD * 0.3);
});
