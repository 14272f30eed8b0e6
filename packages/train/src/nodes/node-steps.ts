import {
  type DeviceState,
  describeValue,
  type Executable,
  type GradientEstimator,
  type LayerEstimators,
  priorityInput,
  rankedLayers,
  rowNormOutput,
  UsageError,
} from '@sketchgrad/core';
import { NOTHING } from '../budget/nothing.js';
import { checkNodePart } from '../checks/node-data.js';
import { adamwSettings } from '../optimizer/adamw.js';
import { RowNorms } from '../priorities/row-norms.js';
import { expectKeptRows } from '../step/expect-kept-rows.js';
import {
  type HeldInputs,
  heldInputs,
  otherInputs,
  sharedInputs,
  writeHeld,
} from './held-inputs.js';
import type { NodeBatch, NodeModel } from './model.js';
import type { NodePart, NodeSettings } from './options.js';
import { traceNodeStep } from './trace-node-step.js';

/** A training step that is compiled for one part of the graph. */
interface Prepared {
  readonly piece: NodePart;
  readonly batch: NodeBatch;
  /** The inputs that each run is handed. */
  readonly inputs: NodeBatch['inputs'];
  readonly executable: Executable;
  readonly ranked: readonly string[];
}

/** The training steps of a run: one over the whole graph, or one for each part of an epoch. */
export class NodeSteps {
  readonly rowNorms: RowNorms;
  readonly #model: NodeModel;
  readonly #settings: NodeSettings;
  readonly #state: DeviceState;
  readonly #whole: NodePart;
  #prepared: Prepared | undefined;
  /** What the state has of the graph, once a step is compiled: nothing of parts, which are handed in. */
  #held: { readonly inputs: HeldInputs; readonly batch: NodeBatch } | undefined;
  peakBytes = 0;
  keptBytes = 0;
  /** Of the step that keeps most. */
  #largest: NodeBatch['shape'] | undefined;
  measuredPeakBytes = 0;

  constructor(model: NodeModel, settings: NodeSettings, state: DeviceState) {
    const { data, priorities } = settings;
    this.#model = model;
    this.#settings = settings;
    this.#state = state;
    this.#whole = {
      nodes: Int32Array.from({ length: data.graph.nodes }, (_, node) => node),
      dataset: data,
    };
    this.rowNorms = new RowNorms(priorities, data.graph.nodes);
  }

  /**
   * Compiles the first step of an epoch, so that what it needs is allocated.
   * @returns its sizes
   * @throws PlanError when it needs more than the backend can allocate; UsageError for a rate that
   * keeps less than one row of every part of the graph
   */
  async prepare(epoch: number): Promise<NodeBatch['shape']> {
    expectKeptRows(this.#model, this.#settings.estimator, this.#shapes(epoch));
    for (const piece of this.#pieces(epoch)) return (await this.#compiled(piece)).batch.shape;
    return this.#model.batch(this.#whole.dataset, this.#whole.dataset.split.train).shape;
  }

  /**
   * Makes the updates of an epoch.
   *
   * @param step updates made before it
   * @param nonFinite makes the error for what is not finite, in the update of this number
   */
  async epoch(epoch: number, step: number, nonFinite: (what: string, step: number) => Error) {
    let total = 0;
    let rows = 0;
    let done = step;
    for (const piece of this.#pieces(epoch)) {
      const prepared = await this.#compiled(piece);
      const loss = await this.#update(prepared, done++, (what) => nonFinite(what, done));
      total += loss * prepared.batch.shape.rows;
      rows += prepared.batch.shape.rows;
    }
    return { loss: total / rows, step: done };
  }

  /** Of `keptBytes`, what is kept for the gradients of the linear layers' weights. */
  linearKeptBytes(): number {
    if (!this.#largest) return 0;
    const without = this.#settings.backend.plan(this.#trace(this.#largest, NOTHING), this.#state);
    return this.keptBytes - without.keptBytes;
  }

  /** What it would be with exact gradients in every layer. */
  denseKeptBytes(): number {
    if (!this.#largest || !this.#settings.estimator) return this.keptBytes;
    return this.#settings.backend.plan(this.#trace(this.#largest, undefined), this.#state)
      .keptBytes;
  }

  /** The inputs of another pass that the state has already. */
  heldAlike(other: NodeBatch): HeldInputs {
    return this.#held ? sharedInputs(this.#held.inputs, this.#held.batch, other) : {};
  }

  async dispose(): Promise<void> {
    await this.#prepared?.executable.dispose();
    this.#prepared = undefined;
  }

  *#pieces(epoch: number): Iterable<NodePart> {
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

  *#shapes(epoch: number): Iterable<NodeBatch['shape']> {
    for (const { dataset } of this.#pieces(epoch))
      yield this.#model.batch(dataset, dataset.split.train).shape;
  }

  async #compiled(piece: NodePart): Promise<Prepared> {
    if (this.#prepared?.piece === piece) return this.#prepared;
    await this.dispose();
    const { backend, estimator } = this.#settings;
    const batch = this.#model.batch(piece.dataset, piece.dataset.split.train);
    const held = this.#settings.batches ? {} : heldInputs(batch);
    const graph = this.#trace(batch.shape, estimator, held);
    const executable = await backend.compile(graph, { state: this.#state });
    const { peakBytes, keptBytes } = executable.plan;
    this.peakBytes = Math.max(this.peakBytes, peakBytes);
    if (keptBytes > this.keptBytes) {
      this.keptBytes = keptBytes;
      this.#largest = batch.shape;
    }
    await writeHeld(this.#state, held, batch);
    this.#held = { inputs: held, batch };
    const inputs = otherInputs(held, batch);
    this.#prepared = { piece, batch, inputs, executable, ranked: rankedLayers(graph.inputs) };
    return this.#prepared;
  }

  #trace(
    shape: NodeBatch['shape'],
    estimator: GradientEstimator | LayerEstimators | undefined,
    held: HeldInputs = this.#held?.inputs ?? {},
  ) {
    const { keep, penalty, recompute } = this.#settings;
    return traceNodeStep(this.#model, {
      shape,
      held,
      // Where inputs are free is settled before the run.
      everyLayer: true,
      recompute,
      ...(estimator ? { estimator } : {}),
      ...(keep ? { keep } : {}),
      ...(penalty ? { penalty } : {}),
    });
  }

  async #update(
    { piece, batch, inputs, executable, ranked }: Prepared,
    step: number,
    nonFinite: (what: string) => Error,
  ): Promise<number> {
    const { learningRate, optimizer, seed } = this.#settings;
    const indices = ranked.length > 0 ? [...piece.nodes] : [];
    const rows = { indices, sequence: 1, attentionMask: new Uint8Array(indices.length).fill(1) };
    const outputs = await executable.run({
      ...inputs,
      ...Object.fromEntries(
        ranked.map((layer) => [priorityInput(layer), this.rowNorms.priorities(layer, rows)]),
      ),
      key: Int32Array.of(seed, step),
      settings: adamwSettings(optimizer, { learningRate, step }),
    });
    const loss = outputs.loss![0]!;
    if (!Number.isFinite(loss)) throw nonFinite(`the loss is ${loss}`);
    for (const layer of ranked) {
      // The cotangents of a mean are those of the sum over the count.
      const norms = outputs[rowNormOutput(layer)]!.map((norm) => norm * batch.shape.rows ** 2);
      if (!norms.every(Number.isFinite))
        throw nonFinite(`the gradient at '${layer}' is not finite`);
      this.rowNorms.record(layer, rows, norms);
    }
    this.measuredPeakBytes = Math.max(this.measuredPeakBytes, executable.measuredPeakBytes());
    return loss;
  }
}
