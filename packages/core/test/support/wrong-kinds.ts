/** Values of every kind that JavaScript has, by its kind. */
const VALUES: readonly unknown[] = [
  ...[undefined, null, Number.NaN, 3, 'x', '2', true, {}, [], Symbol('s'), () => 1],
  ...[new Float32Array(1), new Map(), Promise.resolve(1)],
];

/** Options of a call, each of which is looked at by itself. */
export class Options {
  constructor(readonly members: Readonly<Record<string, unknown>>) {}
}

/** What a value is, as far as a wrong one can be told from it: lists are of one kind. */
function kindOf(value: unknown): string {
  if (value === null || Number.isNaN(value)) return String(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return 'list';
  if (value instanceof Options) return 'object';
  return typeof value;
}

/** A call with a value of another kind in one place. */
export interface WrongKind {
  readonly what: string;
  readonly args: readonly unknown[];
}

const plain = (arg: unknown): unknown => (arg instanceof Options ? { ...arg.members } : arg);

/** The arguments of a right call. */
export const rightCall = (right: readonly unknown[]): unknown[] => right.map(plain);

/**
 * Calls that are wrong whatever the function is: something of another kind, not a number, in the
 * place of an argument, of one of its options or of one of its elements; and an option misspelt.
 *
 * @param needed arguments that cannot be left out
 */
export function wrongKinds(right: readonly unknown[], needed: number): WrongKind[] {
  return right.flatMap((arg, at) => {
    const put = (value: unknown) => right.map((other, i) => (i === at ? value : plain(other)));
    const others = (was: unknown, mayLack: boolean) =>
      VALUES.filter((value) => kindOf(value) !== kindOf(was) && !(mayLack && value === undefined));
    const said = (value: unknown) =>
      typeof value === 'string' ? `'${value}'` : `${kindOf(value)} ${String(value)}`;
    const calls = others(arg, at >= needed).map((value) => ({
      what: `argument ${at} = ${said(value)}`,
      args: put(value),
    }));
    if (arg instanceof Options)
      for (const [name, was] of Object.entries(arg.members)) {
        const { [name]: _, ...rest } = arg.members;
        calls.push({ what: `${name} misspelt`, args: put({ ...rest, [`${name}s`]: was }) });
        for (const value of others(was, true))
          calls.push({ what: `${name} = ${said(value)}`, args: put({ ...rest, [name]: value }) });
      }
    if (Array.isArray(arg))
      for (const [index, was] of arg.entries())
        for (const value of others(was, false))
          calls.push({
            what: `argument ${at}[${index}] = ${said(value)}`,
            args: put(arg.with(index, value)),
          });
    return calls;
  });
}
