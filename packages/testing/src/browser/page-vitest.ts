// What a page has in vitest's place: tests are declared as ever, and run one at a time, by their number.

import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  type ExpectStatic,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';

type Work = () => unknown;

/** What stands around tests, outermost first. */
interface Group {
  readonly name: string;
  readonly before: Work[];
  readonly after: Work[];
  /** All that is to run before the first test; undefined until that runs. */
  begun?: Promise<void>;
}

const tests: { readonly name: string; readonly work: Work; readonly groups: readonly Group[] }[] =
  [];
const whole: Group = { name: '', before: [], after: [] };
let around: readonly Group[] = [whole];

export function describe(name: string, declare: () => void): void {
  const before = around;
  around = [...before, { name, before: [], after: [] }];
  try {
    declare();
  } finally {
    around = before;
  }
}

export function it(name: string, work: Work): void {
  const names = [...around.slice(1).map((group) => group.name), name];
  tests.push({ name: names.join(' > '), work, groups: around });
}

export const beforeAll = (work: Work): unknown => around.at(-1)!.before.push(work);
export const afterAll = (work: Work): unknown => around.at(-1)!.after.unshift(work);

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

// biome-ignore lint/suspicious/noExplicitAny: the library's own way to hand over its matchers
const globals = globalThis as any;

export const expect: ExpectStatic = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
  globals[ASYMMETRIC_MATCHERS_OBJECT],
);
globals[GLOBAL_EXPECT] = expect;
setState({ assertionCalls: 0 }, expect);

/** Names of all tests, those of what stands around them before, in the order of their numbers. */
export const testNames = (): string[] => tests.map(({ name }) => name);

/** Runs one, once all that is to run before it has. */
export async function runTest(number: number): Promise<void> {
  const { work, groups } = tests[number]!;
  for (const group of groups) {
    group.begun ??= inTurn(group.before);
    await group.begun;
  }
  await work();
}

/** Runs all that is to run after the tests that ran. */
export async function endTests(): Promise<void> {
  // What stands around a group is found before it.
  const groups = [...new Set(tests.flatMap((test) => test.groups))].reverse();
  for (const group of groups) if (group.begun) await inTurn(group.after);
}

async function inTurn(all: readonly Work[]): Promise<void> {
  for (const work of all) await work();
}
