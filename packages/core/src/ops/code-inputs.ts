// What ops that read codes are told alike.
import { checkFlag, checkSize, optional } from '../checks/check-members.js';
import type { OptionNames } from '../checks/check-options.js';
import { checkKey, checkValue } from '../graph/arguments.js';
import type { TensorType } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import {
  type CodeLayout,
  type CodeSettings,
  codeLayout,
  codeWords,
  groupCount,
} from '../quantization/layout.js';
import type { Key } from '../random/key.js';
import { expectRanks } from './quantize.js';
import { expectKey, expectShape, expectType } from './rules.js';

/** How the codes came about: what `quantize` was told. */
export interface DequantizeOptions extends CodeSettings {
  /** Features of x. */
  readonly features: number;
  readonly rotate?: boolean;
  /**
   * Takes off again what was added before a value was rounded, in the groups whose values vary less
   * so: their ranges say which. Without it all codes are read as they are. Both have the mean x.
   */
  readonly key?: Key | undefined;
  readonly ranks?: Value | undefined;
}

/** What {@link DequantizeOptions} are checked by; bits, segments and the group by `codeLayout`. */
export const DEQUANTIZE_OPTIONS: OptionNames<DequantizeOptions> = {
  features: checkSize,
  rotate: checkFlag,
  key: optional(checkKey),
  ranks: optional(checkValue),
  ...{ bits: true, segments: true, group: true },
};

/** What kernels that read codes are told: of random bits, where there is a key among the inputs. */
export type CodeAttributes = CodeLayout & { readonly features: number; readonly stream?: number };

/** Operations that it takes to read a code. */
export const codeFlops = (stream: number | undefined): number => (stream === undefined ? 2 : 3);

/** The codes with what belongs to them as an op's inputs, and its attributes but for the rotation. */
export function codesWith(
  codes: Value,
  ranges: Value,
  { features, key, ranks, rotate: _, ...settings }: DequantizeOptions,
): { readonly inputs: readonly Value[]; readonly attributes: CodeAttributes } {
  return {
    inputs: [codes, ranges, ...(key ? [key.value] : []), ...(ranks ? [ranks] : [])],
    attributes: {
      ...codeLayout(ranges.shape[0]!, settings),
      features,
      ...(key ? { stream: key.stream } : {}),
    },
  };
}

/** The inputs of {@link codesWith} by their names. */
export function codeInputs<T>(
  inputs: readonly T[],
  stream: number | undefined,
): { readonly codes: T; readonly ranges: T; readonly key?: T; readonly ranks: T | undefined } {
  const [codes, ranges, ...others] = inputs as readonly [T, T, ...T[]];
  if (stream === undefined) return { codes, ranges, ranks: others[0] };
  return { codes, ranges, key: others[0]!, ranks: others[1] };
}

/** @throws ShapeError unless codes and ranges are of the same rows in this layout */
export function expectCodes(
  inputs: readonly TensorType[],
  { segments, group, features, stream }: CodeAttributes,
): number {
  const { codes, ranges, key, ranks } = codeInputs(inputs, stream);
  expectType('codes', codes, 'i32', 1);
  expectShape('codes', codes, [codeWords(features, segments)]);
  expectType('ranges', ranges, 'i32', 2);
  const rows = ranges.shape[0]!;
  expectShape('ranges', ranges, [rows, groupCount(features, group)]);
  if (key) expectKey(key);
  if (ranks) expectRanks(ranks, rows);
  return rows;
}
