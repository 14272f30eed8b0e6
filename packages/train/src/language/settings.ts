import {
  count,
  dct,
  dft,
  gaussian,
  hadamard,
  ROW_CHOICES,
  type RowChoice,
  rademacher,
  type Sketch,
} from '@sketchgrad/core';

/** What sketches are told here. */
interface SketchSettings {
  readonly blockRows?: number;
  readonly replacement?: boolean;
}

/** Names of the sketches that can be asked for. */
export const SKETCHES = ['gaussian', 'rademacher', 'count', 'dct', 'dft', 'hadamard'] as const;
export type SketchName = (typeof SKETCHES)[number];

const sketches: Readonly<Record<SketchName, (settings: SketchSettings) => Sketch>> = {
  gaussian,
  rademacher,
  count,
  dct,
  dft,
  hadamard,
};

/** The sketches that draw rows of a basis, with or without replacement. */
export const drawsRows = (name: SketchName): boolean => ['dct', 'dft', 'hadamard'].includes(name);

/** A sketch by its name. */
export const sketchOf = (name: SketchName, settings: SketchSettings): Sketch =>
  sketches[name](settings);

export { ROW_CHOICES, type RowChoice };

/** Which settings each estimator that can be asked for takes. */
export const SETTINGS = {
  dense: [],
  rmm: ['sketch', 'rate', 'blockRows', 'replacement', 'centred'],
  rows: ['rowsBy', 'rate', 'replacement'],
  'wta-crs': ['rate'],
  quantized: ['bits', 'group', 'rotate', 'dither'],
  'rmm-quantized': [
    ...(['sketch', 'rate', 'bits', 'blockRows', 'replacement', 'group', 'rotate'] as const),
    'dither',
  ],
  exact: ['bits', 'projection', 'group', 'dither'],
} as const satisfies Record<string, readonly (keyof EstimatorSettings)[]>;

export type EstimatorName = keyof typeof SETTINGS;
export const ESTIMATORS = Object.keys(SETTINGS) as readonly EstimatorName[];

/** Bits of a code: the same for all, or of several widths with this average. */
export type Bits = 1 | 2 | 3 | 4 | 8 | `mixed:${number}`;

/** What an estimator can be told; each takes some of it. */
export interface EstimatorSettings {
  readonly sketch?: SketchName;
  /** Rows kept for a row of input, in (0, 1]. */
  readonly rate?: number;
  /** Rows of a diagonal block of the sketch; one block unless given. */
  readonly blockRows?: number;
  /** Whether a row may be drawn twice. */
  readonly replacement?: boolean;
  /** Whether the mean of the rows is kept beside the sketch of what they differ by from it. */
  readonly centred?: boolean;
  readonly rowsBy?: RowChoice;
  readonly bits?: Bits;
  /** Features that share a range. */
  readonly group?: number;
  /** Of EXACT: how many features become one. */
  readonly projection?: number;
  /** Whether groups are rotated before they are rounded. */
  readonly rotate?: boolean;
  /** Whether what rounding added at random is subtracted, where that varies less. */
  readonly dither?: boolean;
}

/** An estimator as it was asked for: what is missing comes from elsewhere, or is as usual. */
export interface EstimatorSpec extends EstimatorSettings {
  readonly estimator: EstimatorName;
}

/** An estimator with all its settings. */
export interface SettledEstimator extends Omit<EstimatorSpec, 'sketch' | 'rate'> {
  /** Null for an estimator that has none. */
  readonly sketch: SketchName | null;
  /** Null for an estimator that has none. */
  readonly rate: number | null;
}
