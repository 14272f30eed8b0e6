import { describeValue, UsageError } from '@sketchgrad/core';
import { columnsOf, type LayersOutput } from '../model/outputs.js';
import type { Metric } from './metric.js';
import { BY_OUTPUT, METRICS } from './metrics.js';

/** Metrics of all outputs, or by outputs' names, by TensorFlow.js' names. */
export type MetricNames =
  | string
  | readonly string[]
  | Readonly<Record<string, string | readonly string[]>>;

/** A metric of one of the outputs. */
export interface OutputMetric extends Metric {
  readonly output: LayersOutput;
}

const SHORT: Readonly<Record<string, 'acc' | 'ce'>> = {
  ...{ accuracy: 'acc', acc: 'acc', crossentropy: 'ce', ce: 'ce' },
};

/** Outputs' names stand before their metrics' where there are several. */
export const nameOf = (
  outputs: readonly LayersOutput[],
  { name }: LayersOutput,
  metric: string,
): string => (outputs.length > 1 ? `${name}_${metric}` : metric);

/**
 * What is told of each output beside the loss.
 * @throws UsageError for a metric that is not supported, or of another output
 */
export function metricsOf(outputs: readonly LayersOutput[], given: unknown): OutputMetric[] {
  const isByName = typeof given === 'object' && given !== null && !Array.isArray(given);
  const byName = given as Readonly<Record<string, unknown>>;
  const names = outputs.map(({ name }) => name);
  const unknown = isByName ? Object.keys(byName).find((name) => !names.includes(name)) : undefined;
  if (unknown !== undefined)
    throw new UsageError(
      `metrics has an entry ${describeValue(unknown)}: the model's outputs are ${names.join(', ')}`,
    );
  return outputs.flatMap((output) => {
    const own = isByName ? byName[output.name] : given;
    return [own ?? []].flat().map((name) => {
      const metric = metricOf(output, name);
      return { ...metric, output, name: nameOf(outputs, output, metric.name) };
    });
  });
}

function metricOf(output: LayersOutput, name: unknown): Metric {
  const known = typeof name === 'string' ? name : '';
  const short = Object.hasOwn(SHORT, known) ? SHORT[known] : undefined;
  const found = short
    ? { ...BY_OUTPUT[kindOf(output)][short], name: short }
    : Object.hasOwn(METRICS, known) && { ...METRICS[known]!, name: known };
  if (!found)
    throw new UsageError(
      `the metric is ${describeValue(name)}; supported are ${[...Object.keys(SHORT), ...Object.keys(METRICS)].join(', ')}`,
    );
  if (found.targets !== 'both' && found.targets !== output.loss.targets)
    throw new UsageError(
      `the metric ${known} takes ${found.targets} as targets, and the loss of '${output.name}', ${output.loss.name}, takes ${output.loss.targets}`,
    );
  return found;
}

const kindOf = (output: LayersOutput): keyof typeof BY_OUTPUT => {
  if (columnsOf(output) === 1 || output.loss.name === 'binaryCrossentropy') return 'binary';
  return output.loss.targets === 'classes' ? 'sparse' : 'categorical';
};
