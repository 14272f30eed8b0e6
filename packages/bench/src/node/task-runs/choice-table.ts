import { formatBytes } from '@sketchgrad/core';
import type { EstimatorChoice } from '@sketchgrad/train';
import { comparisonTable } from '../comparison-table.js';

/** A choice for people: a line a layer, and what it comes to. */
export function choiceTable(choice: EstimatorChoice): string {
  const share = (variance: number, dSgd2ByExample: number) =>
    dSgd2ByExample === 0 ? '' : (variance / dSgd2ByExample).toPrecision(3);
  const table = comparisonTable(choice.layers, [
    { title: 'layer', text: ({ layer }) => layer },
    { title: 'estimator', text: ({ estimator }) => estimator },
    { title: 'adds', text: ({ addedBytes }) => formatBytes(Math.round(addedBytes)) },
    {
      title: 'variance',
      text: ({ variance, varianceError }) =>
        variance.toPrecision(3) + (varianceError > 0 ? ` ± ${varianceError.toPrecision(1)}` : ''),
    },
    {
      title: 'share of D²_SGD by example',
      text: ({ variance, dSgd2ByExample }) => share(variance, dSgd2ByExample),
    },
  ]);
  return (
    `${table}\nplanned peak of a step ${formatBytes(choice.peakBytes)}, ${formatBytes(choice.keptBytes)} kept; ` +
    `added variance ${share(choice.variance, choice.dSgd2ByExample)} of D²_SGD by example` +
    (choice.varianceError > 0
      ? `, ± ${share(choice.varianceError, choice.dSgd2ByExample)}, for where there is no closed form it is an average over draws`
      : '')
  );
}
