import type { TensorData } from '@sketchgrad/core';
import type { Judge, StepBatch } from '@sketchgrad/train';
import type { LayersShape } from '../model/layers-graph.js';
import { columnsOf, type LayersOutput } from '../model/outputs.js';
import { nameOf, type OutputMetric } from './metrics-of.js';

type Tensors = Readonly<Record<string, TensorData>>;

/** Numbers by their names in logs. */
export type Logs = Readonly<Record<string, number>>;

/** What is told of batches beside their loss: of several outputs the losses of each, and metrics. */
export class Told {
  readonly #outputs: readonly LayersOutput[];
  readonly #metrics: readonly OutputMetric[];

  constructor(outputs: readonly LayersOutput[], metrics: readonly OutputMetric[]) {
    this.#outputs = outputs;
    this.#metrics = metrics;
  }

  /** The names, those first that tell more of a better model. */
  get names(): string[] {
    const costs = this.#outputs.length > 1 ? this.#outputs.map((each) => this.#lossOf(each)) : [];
    const names = (isScore: boolean) =>
      this.#metrics.filter((each) => each.isScore === isScore).map(({ name }) => name);
    return [...names(true), ...costs, ...names(false)];
  }

  /** Whether the first of them is one by which the best evaluation is found. */
  get isScored(): boolean {
    return this.#metrics.some(({ isScore }) => isScore);
  }

  #lossOf(output: LayersOutput): string {
    return nameOf(this.#outputs, output, 'loss');
  }

  /** Of a batch. @param outputs what the graph gave */
  of({ inputs }: StepBatch<LayersShape>, outputs: Tensors): Logs {
    const found: Record<string, number> = {};
    if (this.#outputs.length > 1)
      for (const each of this.#outputs) found[this.#lossOf(each)] = outputs[each.lossName]![0]!;
    for (const { name, output, of } of this.#metrics)
      found[name] = of({
        predicted: outputs[output.predictions]!,
        targets: inputs[output.target.name]!,
        columns: columnsOf(output),
      });
    return found;
  }
}

/** Means of it over batches, each weighed by its examples. */
export class BatchMeans implements Judge<LayersShape> {
  readonly #told: Told;
  readonly #nonFinite: ((what: string) => Error) | undefined;
  #sums: Record<string, number> = {};
  #examples = 0;

  /** @param nonFinite makes the error for a mean that is not finite */
  constructor(told: Told, nonFinite?: (what: string) => Error) {
    this.#told = told;
    this.#nonFinite = nonFinite;
  }

  /** @returns what is told of this batch */
  add(batch: StepBatch<LayersShape>, outputs: Tensors): Logs {
    const own = this.#told.of(batch, outputs);
    for (const [name, value] of Object.entries(own))
      this.#sums[name] = (this.#sums[name] ?? 0) + value * batch.examples;
    this.#examples += batch.examples;
    return own;
  }

  scores(): Record<string, number> {
    const means = Object.fromEntries(
      Object.entries(this.#sums).map(([name, sum]) => [name, sum / this.#examples]),
    );
    const wrong = Object.entries(means).find(([, mean]) => !Number.isFinite(mean));
    if (wrong && this.#nonFinite) throw this.#nonFinite(`the metric ${wrong[0]} is ${wrong[1]}`);
    return means;
  }

  /** The means so far, after which it begins anew. */
  take(): Record<string, number> {
    const means = this.scores();
    [this.#sums, this.#examples] = [{}, 0];
    return means;
  }
}
