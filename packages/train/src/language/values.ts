import { nearName, UsageError } from '@sketchgrad/core';
import { checkSettingName, checkTyped } from './checks.js';
import { type EstimatorSettings, ROW_CHOICES, SKETCHES } from './settings.js';

/** Names of settings. */
export type Setting = keyof EstimatorSettings;

/** Average bits that a mixture can have. */
const AVERAGE = { least: 1, most: 8 };

/**
 * Parses the value of a setting that is no mere flag.
 * @throws UsageError that says what would be accepted
 */
export function parseSetting(setting: Setting, text: string): unknown {
  checkSettingName(setting);
  checkTyped(`the setting ${setting}`, text, '0.1');
  switch (setting) {
    case 'sketch':
      return oneOf(text, SKETCHES);
    case 'rowsBy':
      return oneOf(text, ROW_CHOICES);
    case 'rate':
      return number(text, (value) => value > 0 && value <= 1, 'a rate above 0 and at most 1');
    case 'bits':
      return bits(text);
    default:
      return number(
        text,
        (value) => Number.isSafeInteger(value) && value >= 1,
        'a whole number, at least 1',
      );
  }
}

function oneOf(text: string, known: readonly string[]): string {
  if (known.includes(text)) return text;
  throw new UsageError(`'${text}' is none of ${known.join(', ')}${nearName(text, known)}`);
}

function number(text: string, fits: (value: number) => boolean, accepted: string): number {
  const value = /^[\d.]/.test(text) ? Number(text) : Number.NaN;
  if (fits(value)) return value;
  throw new UsageError(`'${text}' is not ${accepted}`);
}

function bits(text: string): number | string {
  if (/^[12348]$/.test(text)) return Number(text);
  const [, average] = /^mixed:([\d.]+)$/.exec(text) ?? [];
  const value = Number(average ?? Number.NaN);
  if (value >= AVERAGE.least && value <= AVERAGE.most) return `mixed:${value}`;
  throw new UsageError(
    `'${text}' is none of 1, 2, 3, 4, 8 and mixed:AVERAGE, with an average of ` +
      `${AVERAGE.least} to ${AVERAGE.most}, such as mixed:3.2`,
  );
}
