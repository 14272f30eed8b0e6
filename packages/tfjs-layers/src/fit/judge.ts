import { type TensorData, UsageError } from '@sketchgrad/core';
import type { Judge, StepBatch } from '@sketchgrad/train';
import { type LayersGraph, type LayersShape, PREDICTIONS, TARGETS } from '../model/layers-graph.js';

/** What a model is judged by, beside its loss. */
export const METRICS = ['accuracy'] as const;

/** The metrics' names, TensorFlow.js' short one too. @throws UsageError for one that is not supported */
export function metricsOf(given: unknown): readonly (typeof METRICS)[number][] {
  const names = given === undefined || given === null ? [] : [given].flat();
  return names.map((name) => {
    if (name === 'accuracy' || name === 'acc') return 'accuracy';
    throw new UsageError(`the metric is ${String(name)}; supported is ${METRICS.join(', ')}`);
  });
}

const largestAt = (data: ArrayLike<number>, from: number, count: number): number => {
  let best = 0;
  for (let at = 1; at < count; at++) if (data[from + at]! > data[from + best]!) best = at;
  return best;
};

/** Counts what a model got right. */
export class AccuracyJudge implements Judge<LayersShape> {
  readonly #graph: LayersGraph;
  readonly #metrics: readonly string[];
  #right = 0;
  #count = 0;

  constructor(graph: LayersGraph, metrics: readonly string[]) {
    this.#graph = graph;
    this.#metrics = metrics;
  }

  add({ inputs }: StepBatch<LayersShape>, outputs: Readonly<Record<string, TensorData>>): void {
    if (this.#metrics.length === 0) return;
    const predicted = outputs[PREDICTIONS]!;
    const targets = inputs[TARGETS]!;
    if (this.#graph.loss.accuracy === 'halves') {
      for (const [at, target] of targets.entries())
        if (predicted[at]! > 0.5 === target > 0.5) this.#right++;
      this.#count += targets.length;
      return;
    }
    const isClasses = this.#graph.loss.targets === 'classes';
    const rows = isClasses
      ? targets.length
      : targets.length / (this.#graph.target.shape.at(-1) ?? 1);
    const classes = predicted.length / rows;
    for (let row = 0; row < rows; row++) {
      const target = isClasses ? targets[row]! : largestAt(targets, row * classes, classes);
      if (largestAt(predicted, row * classes, classes) === target) this.#right++;
    }
    this.#count += rows;
  }

  scores(): Record<string, number> {
    return this.#metrics.length === 0 ? {} : { accuracy: this.#right / this.#count };
  }
}
