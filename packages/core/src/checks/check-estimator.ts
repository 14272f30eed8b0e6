import { UsageError } from '../errors.js';
import { missingMember, type ObjectKind } from './check-members.js';
import { describeValue } from './describe-value.js';
import { nearName } from './near-name.js';

/** How each estimator that has a name on command lines is made. */
const MAKERS: Readonly<Record<string, string>> = {
  dense: 'dense()',
  rmm: 'rmm({ sketch: gaussian(), rate: 0.1 })',
  rows: "rows({ by: 'norm', rate: 0.1 })",
  'wta-crs': 'wtaCrs({ rate: 0.1 })',
  quantized: 'quantized({ bits: 3 })',
  'rmm-quantized': 'rmmQuantized({ sketch: gaussian(), rate: 0.1, bits: 4 })',
  exact: 'exact({ bits: 2 })',
};

const MEMBERS: ObjectKind['members'] = {
  ...{ name: 'string', keep: 'function', weightGradient: 'function', variance: 'function' },
  ...{ bytes: 'function', random: 'boolean', ranksRows: 'boolean' },
};

/**
 * Checks that an argument is a gradient estimator.
 *
 * @param name the argument's
 * @throws UsageError that says what makes one
 */
export function checkEstimator(name: string, value: unknown): void {
  if (missingMember(value, MEMBERS) === undefined) return;
  throw new UsageError(
    `${name} must be a gradient estimator, but it is ${describeValue(value)}: ${advice(value)}`,
  );
}

/** @throws UsageError unless it is an estimator or a function that gives one for each layer */
export function checkEstimators(name: string, value: unknown): void {
  if (typeof value !== 'function') checkEstimator(name, value);
}

function advice(value: unknown): string {
  const known = Object.keys(MAKERS);
  const word = typeof value === 'string' ? value.split(':')[0]!.trim().toLowerCase() : '';
  if (Object.hasOwn(MAKERS, word)) return `pass ${MAKERS[word]}`;
  return `pass one of ${Object.values(MAKERS).join(', ')}${word === '' ? '' : nearName(word, known)}`;
}
