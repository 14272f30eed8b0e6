import { Value } from '../../src/index.js';

/** What no argument is. */
const NONSENSE: readonly unknown[] = [
  ...[undefined, null, 0, -1, Number.NaN, 1.5, Number.POSITIVE_INFINITY, 'x', '2', true, {}, []],
  ...[() => 1, new Float32Array(1), 1e12],
];

/** A call with one argument changed. */
export interface WrongCall {
  readonly what: string;
  readonly change: (args: unknown[]) => unknown[];
  /** Whether it cannot be right. */
  readonly refused: boolean;
}

/** Whether it is an object of options. */
export const isOptions = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !(value instanceof Value) &&
  !Array.isArray(value) &&
  !ArrayBuffer.isView(value);

const put = (args: unknown[], at: number, value: unknown) =>
  args.map((arg, index) => (index === at ? value : arg));

/** Each argument, each of its options and each of its elements replaced by nonsense. */
export function wrongCalls(example: readonly unknown[]): WrongCall[] {
  return example.flatMap((arg, at) => {
    const replaced = (name: string, set: (of: unknown, value: unknown) => unknown, was: unknown) =>
      NONSENSE.map((value) => ({
        what: `${name} = ${typeof value === 'string' ? `'${value}'` : String(value)}`,
        change: (args: unknown[]) => put(args, at, set(args[at], value)),
        // A value of a graph is nothing else, and of other types only undefined may stand for one.
        refused: was instanceof Value && value !== undefined,
      }));
    const calls: WrongCall[] = replaced(`argument ${at}`, (_, value) => value, arg);
    if (isOptions(arg))
      for (const name of Object.keys(arg)) {
        const set = (of: unknown, value: unknown) => ({ ...(of as object), [name]: value });
        calls.push(...replaced(name, set, arg[name]), {
          what: `${name} misspelt`,
          change: (args) => {
            const { [name]: value, ...rest } = args[at] as Record<string, unknown>;
            return put(args, at, { ...rest, [`${name}s`]: value });
          },
          refused: true,
        });
      }
    if (Array.isArray(arg))
      arg.forEach((_, index) => {
        calls.push(
          ...replaced(
            `argument ${at}[${index}]`,
            (of, value) => put(of as unknown[], index, value),
            arg[index],
          ),
        );
      });
    return calls;
  });
}
