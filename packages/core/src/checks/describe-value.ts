/** Letters of a text that are shown. */
const SHOWN = 60;

/** A value as an error tells it: `'rmm'`, `3`, `undefined`, `an array of 4`, `a promise: await it`. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `'${cut(value)}'`;
  if (typeof value === 'function') {
    const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
    return value.name === '' ? `a ${kind}` : `the ${kind} ${value.name}`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof (value as { then?: unknown }).then === 'function') return 'a promise: await it';
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  if (name !== undefined && name !== 'Object') return `a ${name}`;
  const members = Object.keys(value);
  return members.length === 0
    ? 'an empty object'
    : `an object of ${members.slice(0, 8).map(cut).join(', ')}`;
}

const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
