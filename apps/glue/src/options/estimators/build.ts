import { dense, type GradientEstimator, rmm, rows, wtaCrs } from '@sketchgrad/core';
import {
  type EstimatorChoice,
  type EstimatorName,
  type EstimatorSettings,
  type EstimatorSpec,
  SETTINGS,
  sketchOf,
} from './settings.js';

/** What an estimator is told where neither it nor an option says. */
const DEFAULTS: Readonly<Record<EstimatorName, EstimatorSettings>> = {
  dense: {},
  rmm: { sketch: 'gaussian', rate: 0.1 },
  rows: { rowsBy: 'norm', rate: 0.1 },
  'wta-crs': { rate: 0.1 },
};

/** An estimator with all its settings: its own, else the command's options', else the defaults. */
export function chosenEstimator(
  { estimator, ...own }: EstimatorSpec,
  options: EstimatorSettings,
): EstimatorChoice {
  const all = { ...DEFAULTS[estimator], ...defined(options), ...own };
  const taken = (SETTINGS[estimator] as readonly (keyof EstimatorSettings)[]).flatMap((setting) =>
    all[setting] === undefined ? [] : [[setting, all[setting]] as const],
  );
  return { estimator, sketch: null, rate: null, ...Object.fromEntries(taken) };
}

const defined = (settings: EstimatorSettings): EstimatorSettings =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));

/** The estimator itself. @throws UsageError for settings that do not go together */
export function buildEstimator(choice: EstimatorChoice): GradientEstimator {
  const rate = choice.rate!;
  const { replacement, blockRows } = choice;
  const sketch = () =>
    sketchOf(choice.sketch!, {
      ...(replacement === undefined ? {} : { replacement }),
      ...(blockRows === undefined ? {} : { blockRows }),
    });
  switch (choice.estimator) {
    case 'dense':
      return dense();
    case 'rmm':
      return rmm({ sketch: sketch(), rate });
    case 'rows':
      return rows({ rate, by: choice.rowsBy!, ...(replacement ? { replacement } : {}) });
    case 'wta-crs':
      return wtaCrs({ rate });
  }
}

/** The estimator as an option to be spread; dense is the absence of one. */
export const estimatorOption = (
  choice: EstimatorChoice,
): { readonly estimator?: GradientEstimator } =>
  choice.estimator === 'dense' ? {} : { estimator: buildEstimator(choice) };
