import {
  describeValue,
  type NodeBatch,
  type NodeData,
  type NodeShape,
  type TensorData,
  UsageError,
} from '@sketchgrad/core';
import type { Configuration } from '../checkpoints/progress.js';
import type {
  KnownStep,
  StepBatch,
  StepEvaluation,
  StepSource,
  StepUpdate,
} from '../source/step-source.js';
import { fingerprint } from './fingerprint.js';
import type { NodeModel } from './model.js';
import { NodeBuckets } from './node-buckets.js';
import { checkNodePart } from './node-data.js';
import { nodeScore } from './node-score.js';
import type { NodeBatches, NodePart } from './options.js';

/** Numbers of nodes that a run's parts may come in. */
const SIZES = 11;

export interface NodeSourceSettings {
  readonly data: NodeData;
  readonly batches?: NodeBatches | undefined;
  readonly seed: number;
}

/** A graph whose nodes are to be classified: all of it in each step, or a part of it. */
export class NodeSource implements StepSource<NodeShape> {
  readonly #settings: NodeSourceSettings;
  readonly #whole: NodePart;
  /** Of the whole graph, whose inputs are on the device once and for all; undefined of parts. */
  readonly #step: NodeBatch | undefined;
  /** The sizes of the first epoch's parts, as they are; of the whole graph, its own. */
  readonly #known: readonly NodeShape[];
  /** Undefined of the whole graph. */
  readonly #buckets: NodeBuckets | undefined;
  readonly held: Readonly<Record<string, TensorData>>;
  readonly evaluation: StepEvaluation<NodeShape>;
  /** How many of a graph's parts have something to learn from differs from epoch to epoch. */
  readonly updatesPerEpoch?: number;

  constructor(
    readonly model: NodeModel,
    settings: NodeSourceSettings,
  ) {
    const { data, batches } = settings;
    this.#settings = settings;
    this.#whole = {
      nodes: Int32Array.from({ length: data.graph.nodes }, (_, node) => node),
      dataset: data,
    };
    this.#step = batches ? undefined : model.batch(data, data.split.train);
    this.held = this.#step?.inputs ?? {};
    if (!batches) this.updatesPerEpoch = 1;
    this.#known = Array.from(this.#parts(0), ({ dataset }) => this.#passOver(dataset).shape);
    // An epoch of no part to learn from is refused when its turn comes.
    if (batches && this.#known.length > 0) this.#buckets = new NodeBuckets(this.#known, SIZES);
    this.evaluation = evaluationOf(model, data, this.held);
  }

  get configuration(): Configuration {
    const { data, batches } = this.#settings;
    return { data: fingerprint(data), batches: batches?.name ?? null };
  }

  /** The share of all nodes of the first epoch's steps that are nobody's. */
  get emptyRows(): number {
    return this.#buckets?.empty ?? 0;
  }

  get examples(): number {
    return this.#settings.data.graph.nodes;
  }

  *updates(epoch: number): Iterable<StepUpdate<NodeShape>> {
    for (const { nodes, dataset } of this.#parts(epoch)) {
      const examples = dataset.split.train.length;
      yield { examples, batches: [() => this.#batch(nodes, this.#passOver(dataset))] };
    }
  }

  #passOver(dataset: NodeData): NodeBatch {
    return this.#step ?? this.model.batch(dataset, dataset.split.train);
  }

  #batch(nodes: Int32Array, exact: NodeBatch): StepBatch<NodeShape> {
    const shape = this.#sizesFor(exact.shape);
    const rows = () => ({
      indices: [...nodes],
      starts: Int32Array.from({ length: nodes.length + 1 }, (_, node) => node),
      attentionMask: new Uint8Array(shape.nodes).fill(1, 0, nodes.length),
    });
    const { inputs } = shape.spare ? this.model.widen(exact, shape) : exact;
    return { shape, inputs: this.#step ? {} : inputs, examples: exact.shape.rows, rows };
  }

  #sizesFor(exact: NodeShape): NodeShape {
    return this.#buckets?.sizesFor(exact) ?? exact;
  }

  *known(): Iterable<KnownStep<NodeShape>> {
    for (const exact of this.#known)
      yield { shape: this.#sizesFor(exact), examples: exact.rows, index: 0, of: 1 };
  }

  *#parts(epoch: number): Iterable<NodePart> {
    const { batches, seed } = this.#settings;
    if (!batches) {
      yield this.#whole;
      return;
    }
    const parts: Iterable<NodePart> = batches.of([seed, epoch]);
    if (typeof parts?.[Symbol.iterator] !== 'function')
      throw new UsageError(
        `what batches' of() gives must be parts of a graph, [{ nodes, dataset }], but it is ${describeValue(parts)}`,
      );
    for (const part of parts) {
      checkNodePart("each of what batches' of() gives", part);
      // Part of a graph may have no node to learn from.
      if (part.dataset.split.train.length > 0) yield part;
    }
  }
}

/** The scores on `valid` and `test` of one pass over the whole graph, and the loss on `valid`. */
function evaluationOf(
  model: NodeModel,
  data: NodeData,
  steps: Readonly<Record<string, TensorData>>,
): StepEvaluation<NodeShape> {
  const { shape, inputs } = model.batch(data, data.split.valid);
  const held = Object.keys(inputs).filter((name) => areAlike(steps[name], inputs[name]));
  const own = Object.fromEntries(Object.entries(inputs).filter(([name]) => !held.includes(name)));
  return {
    ...{ scores: ['valid', 'test'], held },
    batches: () => [() => ({ shape, inputs: own, examples: shape.rows })],
    judge() {
      let logits: TensorData | undefined;
      return {
        add: (_, { predictions }) => {
          logits = predictions;
        },
        scores: () => ({
          valid: nodeScore(logits!, data, data.split.valid),
          test: nodeScore(logits!, data, data.split.test),
        }),
      };
    },
  };
}

function areAlike(a: TensorData | undefined, b: TensorData | undefined): boolean {
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  return a.constructor === b.constructor && a.every((number, at) => Object.is(number, b[at]));
}
