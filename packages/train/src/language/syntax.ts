import { nearName, UsageError } from '@sketchgrad/core';
import { checkSpec, checkTyped } from './checks.js';
import {
  ESTIMATORS,
  type EstimatorName,
  type EstimatorSettings,
  type EstimatorSpec,
  ROW_CHOICES,
  SETTINGS,
  type SettledEstimator,
  SKETCHES,
} from './settings.js';
import { parseSetting, type Setting } from './values.js';

/** Settings whose values stand without their names: words and numbers go to the first that fits. */
const WORDS: readonly [Setting, readonly string[]][] = [
  ['sketch', SKETCHES],
  ['rowsBy', ROW_CHOICES],
];
const NUMBERS: readonly Setting[] = ['rate', 'bits'];

/** Settings that are on or off, by the word that says so. */
const FLAGS: Readonly<Record<string, readonly [Setting, boolean]>> = {
  replacement: ['replacement', true],
  centred: ['centred', true],
  'no-rotate': ['rotate', false],
  'no-dither': ['dither', false],
};

/** Settings with their names, as an option's: `block-rows=128`. */
const NAMED: Readonly<Record<string, Setting>> = {
  sketch: 'sketch',
  rate: 'rate',
  'rows-by': 'rowsBy',
  bits: 'bits',
  'block-rows': 'blockRows',
  group: 'group',
  projection: 'projection',
};

/**
 * Parses one estimator: its name, then settings in any order, each after a colon. Sketches, ways to
 * draw rows, rates and bits stand alone, a rate before bits where there are both; others have their
 * names. What is left out is settled by {@link settleEstimator}.
 *
 *     dense   rmm:count:0.1   rmm:gaussian:0.1:block-rows=128   rows:norm:0.2
 *
 * @throws UsageError that says what would be accepted
 */
export function parseEstimator(text: string): EstimatorSpec {
  checkTyped('an estimator', text, 'rmm:count:0.1');
  const [name = '', ...parts] = text.trim().split(':');
  const estimator = ESTIMATORS.find((known) => known === name);
  if (!estimator)
    throw new UsageError(
      `'${name}' is none of ${ESTIMATORS.join(', ')}${nearName(name, ESTIMATORS)}`,
    );
  const settings: Partial<Record<Setting, unknown>> = {};
  for (const part of joinMixed(parts)) {
    const [setting, value] = parsePart(part, estimator, settings);
    if (setting in settings) throw new UsageError(`'${text}' has two settings like '${part}'`);
    settings[setting] = value;
  }
  return { estimator, ...(settings as EstimatorSettings) };
}

/** `mixed:3.2` is one value, though it has a colon in it. */
function joinMixed(parts: readonly string[]): string[] {
  const joined: string[] = [];
  for (const part of parts)
    if (/(^|=)mixed$/.test(joined.at(-1) ?? '')) joined.push(`${joined.pop()}:${part}`);
    else joined.push(part);
  return joined;
}

function parsePart(
  part: string,
  estimator: EstimatorName,
  known: Partial<Record<Setting, unknown>>,
): readonly [Setting, unknown] {
  const takes: readonly Setting[] = SETTINGS[estimator];
  const isTaken = (setting: Setting) => takes.includes(setting);
  const [name, value] = part.split('=', 2) as [string, string?];
  if (value !== undefined) {
    const setting = NAMED[name];
    if (setting && isTaken(setting)) return [setting, parseSetting(setting, value)];
  } else if (Object.hasOwn(FLAGS, part)) {
    const flag = FLAGS[part]!;
    if (isTaken(flag[0])) return flag;
  } else if (/^[\d.+-]|^mixed/.test(part)) {
    const setting = NUMBERS.find((each) => isTaken(each) && !(each in known));
    if (setting) return [setting, parseSetting(setting, part)];
  } else {
    const word = WORDS.find(([setting]) => isTaken(setting));
    if (word) return [word[0], parseSetting(word[0], part)];
  }
  throw new UsageError(
    `${estimator} takes no '${part}'; ${describeTaken(takes)}${nearName(name, namesOf(takes))}`,
  );
}

/** How each setting is written. */
const FORMS: Readonly<Record<Setting, string>> = {
  sketch: 'a sketch',
  rate: 'a rate',
  rowsBy: ROW_CHOICES.join(', '),
  bits: 'bits',
  blockRows: 'block-rows=N',
  replacement: 'replacement',
  centred: 'centred',
  group: 'group=N',
  projection: 'projection=N',
  rotate: 'no-rotate',
  dither: 'no-dither',
};

const describeTaken = (takes: readonly Setting[]): string =>
  takes.length === 0
    ? 'it has no settings'
    : `accepted: ${takes.map((setting) => FORMS[setting]).join('; ')}`;

const namesOf = (takes: readonly Setting[]): string[] => [
  ...Object.keys(NAMED).filter((name) => takes.includes(NAMED[name]!)),
  ...Object.keys(FLAGS).filter((name) => takes.includes(FLAGS[name]![0])),
  ...WORDS.flatMap(([setting, words]) => (takes.includes(setting) ? words : [])),
];

/** Writes an estimator so that {@link parseEstimator} gives it back: `rmm:count:0.1`. */
export function formatEstimator(choice: EstimatorSpec | SettledEstimator): string {
  checkSpec(choice);
  const { estimator, ...settings } = choice;
  const parts: string[] = [estimator];
  for (const setting of SETTINGS[estimator] as readonly Setting[]) {
    const value = settings[setting];
    if (value === undefined || value === null) continue;
    const flag = Object.keys(FLAGS).find((name) => FLAGS[name]![0] === setting);
    const name = Object.keys(NAMED).find((each) => NAMED[each] === setting);
    if (flag) parts.push(...(FLAGS[flag]![1] === value ? [flag] : []));
    else if (standsAlone(setting, choice)) parts.push(String(value));
    else parts.push(`${name}=${value}`);
  }
  return parts.join(':');
}

/** Bits without a rate before them would be taken for one, where there can be one. */
const standsAlone = (setting: Setting, { estimator, rate }: EstimatorSpec | SettledEstimator) => {
  const takes: readonly Setting[] = SETTINGS[estimator];
  const hasRate = !takes.includes('rate') || (rate !== undefined && rate !== null);
  return (
    WORDS.some(([each]) => each === setting) ||
    setting === 'rate' ||
    (setting === 'bits' && hasRate)
  );
};
