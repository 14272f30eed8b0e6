import {
  type BuildOptions,
  binaryCrossEntropy,
  checkEstimators,
  checkFlag,
  checkKeepChoice,
  checkOptions,
  checkState,
  checkWord,
  crossEntropy,
  type DeviceState,
  gather,
  input,
  type NodeBatch,
  type NodeShape,
  scope,
  type Value,
} from '@sketchgrad/core';
import { checkBuild } from '../checks/kinds.js';
import { checkGraphConfig, type GraphNetworkConfig } from './config.js';
import { drawGraphTensor } from './draw.js';
import { gcn } from './gcn.js';
import { gcn2 } from './gcn2.js';
import { graphBatch, type LabelledNodes, widenedBatch } from './graph-data.js';
import {
  type GraphParameter,
  type GraphStatistic,
  graphParameters,
  graphStatistics,
} from './parameters.js';
import { type GraphPass, startGraphPass, zeroUnused } from './pass.js';

/**
 * A graph network for node classification, GCN or GCNII, numerically equal to PyTorch Geometric's
 * layers. It holds no weights: those live in a backend's state, under the names of `parameters` and
 * `statistics`.
 */
export class GraphNetwork {
  readonly parameters: readonly GraphParameter[];
  /** Running means and variances, which training moves and evaluation reads. */
  readonly statistics: readonly GraphStatistic[];

  /** @throws UsageError for a setting that no network can have */
  constructor(readonly config: GraphNetworkConfig) {
    checkGraphConfig(config);
    this.parameters = graphParameters(config);
    this.statistics = graphStatistics(config);
  }

  /**
   * Traces a forward pass with its loss, within core's `trace`. Its inputs: those that `batch`
   * gives; for training also `key`, i32 [2], (seed, step); with `spare` sizes those that `widen` adds.
   *
   * @returns the mean loss of the chosen nodes, f32 [] (cross entropy; for several labels a node
   * binary cross entropy), and the logits of all of them, f32 [nodes, classes]
   */
  build(options: BuildOptions<NodeShape>): { readonly loss: Value; readonly predictions: Value } {
    checkBuild(options, { shape: true, training: true, estimator: true, keep: true }, [
      'nodes',
      'entries',
      'rows',
    ]);
    const { estimator, keep = {} } = options;
    checkFlag('spare', options.shape.spare);
    if (estimator !== undefined) checkEstimators('estimator', estimator);
    checkKeepChoice(keep as Readonly<Record<string, number | undefined>>, ['norm']);
    const { config } = this;
    const pass = startGraphPass(config, options);
    const given = input('features', [pass.shape.nodes, config.inputs]);
    const features = zeroUnused(given, pass);
    const predictions = config.model === 'gcn' ? gcn(features, pass) : gcn2(features, config, pass);
    return { loss: scope('loss', () => maskedLoss(predictions, pass)), predictions };
  }

  /**
   * The sizes and inputs of a pass over a graph, of which some nodes have a part in the loss.
   * @throws UsageError where the data does not fit the network
   */
  batch(data: LabelledNodes, rows: Int32Array): NodeBatch {
    return graphBatch(this.config, data, rows);
  }

  /**
   * A batch of at least as many nodes, entries and rows, what is behind its own being nobody's: its loss,
   * gradients and statistics are the same to rounding.
   * @throws UsageError for sizes that are not `spare`, or of which one is too small
   */
  widen(batch: NodeBatch, shape: NodeShape): NodeBatch {
    return widenedBatch(this.config, batch, shape);
  }

  /** Writes the starting weights, drawn from the seed, into a state that has them allocated. */
  async initialize(state: DeviceState, options: { readonly seed: number }): Promise<void> {
    checkState('state', state);
    checkOptions('initialize', options, { seed: true });
    const { seed } = options;
    checkWord('seed', seed);
    for (const [stream, tensor] of [...this.parameters, ...this.statistics].entries())
      if (state.tensors.has(tensor.name))
        await state.write(tensor.name, drawGraphTensor(tensor, { seed, stream }));
  }
}

function maskedLoss(logits: Value, { config, shape, usedRows }: GraphPass): Value {
  const { rows } = shape;
  const chosen = gather(logits, input('rows', [rows], 'i32'));
  return config.multiLabel
    ? binaryCrossEntropy(chosen, input('labels', [rows, config.classes]), usedRows)
    : crossEntropy(chosen, input('labels', [rows], 'i32'), usedRows)[0];
}
