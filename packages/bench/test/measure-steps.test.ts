import { type Executable, input, matmul, trace, UsageError } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { afterEach, expect, test, vi } from 'vitest';
import { type Contender, measureSteps } from '../src/measure-steps.js';
import { ResidentPeak } from '../src/node/resident-peak.js';

afterEach(() => {
  vi.useRealTimers();
});

const SIZE = 8;
const graph = () =>
  trace(() => {
    const a = input('a', [SIZE, SIZE]);
    return { product: matmul(a, a) };
  });

/** A small product on the reference backend; `log` is told all that happens to it. */
function contender(name: string, log: string[], also = async (): Promise<void> => {}): Contender {
  return {
    name,
    async prepare() {
      log.push(`prepare ${name}`);
      const backend = createReferenceBackend();
      const executable: Executable = await backend.compile(graph(), {
        state: backend.createState(),
      });
      return {
        executable,
        async run() {
          log.push(name);
          await executable.run({ a: new Float32Array(SIZE * SIZE) });
          await also();
        },
        async dispose() {
          log.push(`dispose ${name}`);
          await executable.dispose();
        },
      };
    },
  };
}

test('contenders take turns, and are disposed of at the end', async () => {
  const log: string[] = [];
  const seen: string[] = [];
  const found = await measureSteps([contender('a', log), contender('b', log)], {
    steps: 2,
    warmUp: 1,
    memory: new ResidentPeak(),
    onStep: (done, total) => seen.push(`${done}/${total}`),
  });
  expect(log.join(' ')).toBe('prepare a prepare b a b a b a b dispose a dispose b');
  expect(seen).toEqual(['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
  expect(found.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(found.map(({ residentPeakBytes }) => residentPeakBytes)).toEqual([null, null]);
});

test("a measurement has the plan's bytes, the backend's bytes and the shares of the ops", async () => {
  const [found] = await measureSteps([contender('a', [])], { steps: 3 });
  // The input and the product, 8 × 8 f32 each.
  expect(found!.plannedPeakBytes).toBe(512);
  expect(found!.measuredPeakBytes).toBe(512);
  expect(found!.keptBytes).toBe(0);
  expect(found!.time).toEqual({ matmul: 1 });
  // Nothing has looked.
  expect(found!.residentPeakBytes).toBeNull();
});

test('times are those of the steps after the warm-up', async () => {
  // A clock that only the steps move, by so many milliseconds.
  vi.useFakeTimers({ toFake: ['performance'] });
  const took = [9000, 5000, 40, 30, 20, 90];
  const timed = contender('a', [], async () => {
    vi.advanceTimersByTime(took.shift()!);
  });
  const [found] = await measureSteps([timed], { steps: 4, warmUp: 2 });
  expect(found!.secondsPerStep).toEqual({
    min: expect.closeTo(0.02, 9),
    median: expect.closeTo(0.035, 9),
    max: expect.closeTo(0.09, 9),
  });
});

test('what a step takes beyond its plan shows in the resident peak', async () => {
  const leaked: Buffer[] = [];
  const leaking = contender('a', [], async () => {
    leaked.push(Buffer.alloc(2 ** 24, 1));
  });
  const [found] = await measureSteps([leaking], {
    ...{ steps: 4, warmUp: 0, memory: new ResidentPeak() },
  });
  expect(found!.residentPeakBytes).toBeGreaterThan(4 * 2 ** 24 * 0.9);
  expect(leaked).toHaveLength(4);
});

test("the peak is the steps', less what was there before; the looking ends, whatever happens", async () => {
  const log: string[] = [];
  const collected = [100, 1000];
  const memory = {
    collect: () => {
      log.push('collect');
      return collected.shift()!;
    },
    sample: () => log.push('sample'),
    bytes: 1700,
    stop: () => log.push('stop'),
  };
  const [found] = await measureSteps([contender('a', log)], { steps: 1, warmUp: 0, memory });
  expect(log.join(' ')).toBe('collect prepare a collect a sample stop dispose a');
  expect(found!.residentPeakBytes).toBe(1600);
  const failing = contender('a', [], () => Promise.reject(new Error('broken')));
  await expect(measureSteps([failing], { steps: 1, memory })).rejects.toThrow('broken');
  expect(log.at(-1)).toBe('stop');
});

test('a step that fails disposes of all that was prepared', async () => {
  const log: string[] = [];
  const failing = contender('b', log, async () => {
    throw new Error('broken');
  });
  await expect(measureSteps([contender('a', log), failing], { steps: 1 })).rejects.toThrow(
    'broken',
  );
  expect(log.slice(-2)).toEqual(['dispose a', 'dispose b']);
});

test.each([
  [[], { steps: 1 }, /no contenders/],
  [[contender('a', []), contender('a', [])], { steps: 1 }, /called 'a'/],
  [[contender('a', [])], { steps: 0 }, /at least 1, not 0/],
  [[contender('a', [])], { steps: 1.5 }, /not 1\.5/],
  [[contender('a', [])], { steps: 1, warmUp: -1 }, /not -1/],
  [
    [contender('a', [])],
    { steps: 1, memory: process.memoryUsage as never },
    /^memory must be what looks at the memory of the process, such as new ResidentPeak\(\)/,
  ],
] as const)('refuses what cannot be measured (%#)', async (contenders, options, message) => {
  const refused = measureSteps(contenders, options);
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(message);
});
