import type { DeviceState, Executable, TensorData } from '@sketchgrad/core';
import { otherInputs } from './held-inputs.js';
import type { NodeModel } from './model.js';
import { nodeScore } from './node-score.js';
import type { NodeSteps } from './node-steps.js';
import type { NodeSettings } from './options.js';
import { traceNodeEvaluation } from './trace-node-step.js';

/** A network's scores on the whole graph, as often as they are asked for. */
export class NodeEvaluation {
  readonly #settings: NodeSettings;
  readonly #executable: Executable;
  readonly #inputs: Record<string, TensorData>;

  private constructor(
    settings: NodeSettings,
    executable: Executable,
    inputs: Record<string, TensorData>,
  ) {
    this.#settings = settings;
    this.#executable = executable;
    this.#inputs = inputs;
  }

  /** Compiles it; what it has of the graph is where the steps have it. @throws PlanError when it needs more than the backend can allocate */
  static async prepare(
    model: NodeModel,
    settings: NodeSettings,
    { state, steps }: { readonly state: DeviceState; readonly steps: NodeSteps },
  ): Promise<NodeEvaluation> {
    const { backend, data } = settings;
    const batch = model.batch(data, data.split.valid);
    const held = steps.heldAlike(batch);
    const graph = traceNodeEvaluation(model, batch.shape, held);
    const executable = await backend.compile(graph, { state });
    return new NodeEvaluation(settings, executable, otherInputs(held, batch));
  }

  /** The scores on `valid` and `test`, and the mean loss on `valid`. */
  async scores(nonFinite: (what: string) => Error): Promise<Record<string, number>> {
    const { data } = this.#settings;
    const { predictions, loss } = await this.#executable.run(this.#inputs);
    const validLoss = loss![0]!;
    if (!Number.isFinite(validLoss)) throw nonFinite(`the loss on 'valid' is ${validLoss}`);
    return {
      valid: nodeScore(predictions!, data, data.split.valid),
      test: nodeScore(predictions!, data, data.split.test),
      validLoss,
    };
  }

  get peakBytes(): number {
    return this.#executable.plan.peakBytes;
  }

  get measuredPeakBytes(): number {
    return this.#executable.measuredPeakBytes();
  }

  dispose(): Promise<void> {
    return this.#executable.dispose();
  }
}
