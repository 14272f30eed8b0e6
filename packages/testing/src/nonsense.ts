import { SketchgradError } from '@sketchgrad/core';
import { expect } from 'vitest';

/** Values that hardly any argument is. */
const NONSENSE: readonly unknown[] = [
  ...[undefined, null, 0, -1, Number.NaN, true, 'text', '', [], {}, () => undefined],
  ...[Symbol('s'), new Map(), Promise.resolve(1), [undefined], { length: 3 }],
];

const shown = (value: unknown): string =>
  typeof value === 'symbol' ? 'a symbol' : `${typeof value} ${JSON.stringify(value)}`;

/**
 * Calls a function with nonsense in the place of each of its arguments, one after another.
 * @param right arguments that it takes
 * @throws where it throws what no caller can tell from a fault within
 */
export async function refusesNonsense(
  called: (...all: never[]) => unknown,
  right: readonly unknown[],
): Promise<void> {
  for (let place = 0; place < right.length; place++)
    for (const nonsense of NONSENSE) {
      const all = right.map((value, index) => (index === place ? nonsense : value)) as never[];
      try {
        const result = await called(...all);
        // A generator does nothing before it is asked.
        if (typeof (result as Iterator<unknown> | undefined)?.next === 'function')
          (result as Iterator<unknown>).next();
      } catch (error) {
        expect(error, `argument ${place}: ${shown(nonsense)}`).toBeInstanceOf(SketchgradError);
      }
    }
}
