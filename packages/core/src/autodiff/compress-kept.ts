import { checkGraph } from '../checks/kinds.js';
import { KEY_INPUT } from '../contracts/step-inputs.js';
import { UsageError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { input, isLeaf } from '../graph/leaves.js';
import type { Node } from '../graph/node.js';
import { rewrite } from '../graph/rewrite.js';
import { trace } from '../graph/trace.js';
import { byteLength } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { dequantize } from '../ops/dequantize.js';
import { quantize } from '../ops/quantize.js';
import { checkKeepChoice, type KeepChoice, type KeptBits } from './keep-choice.js';

/**
 * The first of the streams that rounding here draws from: as 32-bit words they lie above 2³¹, and
 * all that a trace takes, those of derived keys too, below.
 */
const FIRST_STREAM = -(2 ** 31);

/** Features that share a range, about. */
const GROUP = 128;

/** A value to be rounded: to how many bits, how many features to a range. */
interface Compressed {
  readonly value: Value;
  readonly bits: KeptBits;
  readonly group: number;
}

/**
 * Rewrites a graph so that normalised rows or features, and the queries, keys and values that attention reads,
 * are kept in 8 or 4 bits: rounded at random in the forward pass, under streams of their own of the
 * graph's input `key`, and brought back, the dither subtracted where that varies less, just before the backward pass reads them. The forward pass
 * stays exact. Run it after {@link recompute}: what is made again is not kept and is left alone, and
 * what is made from a rounded value is then made from it. A value that would take no less room
 * rounded stays as it is.
 *
 * Each rounded value x̂ has the mean x, errors that do not depend on the cotangents that meet it, and
 * are uncorrelated within a row. So whatever is linear in it is unbiased: a norm's gain, the weights
 * of a linear layer that reads the norm's output. Not so
 *
 * - the gradient of a norm's input, inverse · (dy − mean(dy) − ŷ · mean(dy · ŷ)): its mean is off by
 *   inverse · dy_i · var(ŷ_i)/features, below 10⁻⁵ of it for 8 bits and 768 features;
 * - attention's gradient: the probabilities are made again as the softmax of q̂ · k̂/√size, whose mean
 *   is off by the exponents' variance times their own second derivative. In v alone it is linear.
 *
 * @throws UsageError for other bits, or when the graph has no input `key`, i32 [2]
 */
export function compressKept(graph: Graph, choice: Pick<KeepChoice, 'norm' | 'attention'>): Graph {
  checkGraph('compressKept: graph', graph);
  checkKeepChoice(choice as Readonly<Record<string, number | undefined>>);
  const { norm, attention } = choice;
  const compressed = chooseCompressed(graph, norm, attention);
  if (compressed.size === 0) return graph;
  const key = graph.inputs.find(({ name }) => name === KEY_INPUT)?.value;
  if (key?.dtype !== 'i32')
    throw new UsageError(
      "rounding what is kept draws random numbers: the graph needs an input 'key'",
    );

  let stream = FIRST_STREAM;
  /** The nodes that bring each rounded value back, not yet placed, by the value. */
  const pending = new Map<Value, { readonly node: Node; readonly inputs: readonly Value[] }>();
  /** What stands for a rounded value in the backward pass. */
  const restored = new Map<Value, Value>();
  return rewrite(graph, (node, made) => {
    const restore = (value: Value): Value => {
      const waiting = pending.get(value);
      if (!waiting) return made.current(value);
      const known = restored.get(value);
      if (known) return known;
      const changes = {
        stage: 'backward',
        scope: value.node.scope,
        inputs: waiting.inputs,
      } as const;
      const back = made.copy(waiting.node, changes).outputs[0]!;
      // What is made again from it, at the start of a layer's backward pass, writes over a copy of its
      // own; the gradients, at its end, share one. To hold one all along would cost as much room.
      if (!node.recomputes) restored.set(value, back);
      return back;
    };
    made.read(node, node.inputs.map(node.stage === 'forward' ? made.current : restore));
    for (const value of node.outputs) {
      const settings = compressed.get(value);
      if (!settings) continue;
      const [rounding, restoring] = roundingNodes(settings, stream++);
      const { scope, stage, block } = node;
      const { outputs } = made.copy(rounding, {
        ...{ scope, stage, inputs: [value, key] },
        ...(block === undefined ? {} : { block }),
      });
      pending.set(value, { node: restoring, inputs: [...outputs, key] });
    }
  });
}

/** Ops whose first output is what they normalised, rows or features. */
const NORMS: ReadonlySet<string> = new Set(['normalize', 'batchNormalize']);

/**
 * The input of attention ops that has a row for each token, and how many of queries, keys and values it
 * holds. Queries of their own are of first tokens alone: too few to round.
 */
const ATTENDED: Readonly<Record<string, { readonly input: number; readonly parts: number }>> = {
  attention: { input: 0, parts: 3 },
  attentionPooling: { input: 1, parts: 2 },
};

/** What the backward pass reads of norms' and attention's forward values, where rounding saves. */
function chooseCompressed(
  graph: Graph,
  norm: KeptBits | undefined,
  attention: KeptBits | undefined,
): Map<Value, Compressed> {
  const read = new Set<Value>();
  for (const node of graph.nodes)
    if (node.stage !== 'forward') for (const value of node.inputs) read.add(value);
  const chosen = new Map<Value, Compressed>();
  const choose = (value: Value, bits: KeptBits, group: number) => {
    if (!read.has(value) || isLeaf(value.node)) return;
    const settings = { value, bits, group };
    const [{ outputs }] = roundingNodes(settings, FIRST_STREAM);
    const bytes = outputs.reduce((total, output) => total + byteLength(output), 0);
    if (bytes < byteLength(value)) chosen.set(value, settings);
  };
  for (const { op, stage, inputs, outputs, attributes } of graph.nodes) {
    if (stage !== 'forward') continue;
    if (norm && NORMS.has(op.name)) choose(outputs[0]!, norm, GROUP);
    const read = attention && ATTENDED[op.name];
    if (read) {
      const value = inputs[read.input]!;
      const group = headGroup(value.shape[1]! / read.parts, attributes.heads as number);
      choose(value, attention, group);
    }
  }
  return chosen;
}

/**
 * Features of queries, keys and values that share a range: whole heads, about 128 features of them,
 * and never of two of the three, whose sizes differ.
 */
function headGroup(features: number, heads: number): number {
  const size = features / heads;
  let together = 1;
  for (let count = 1; count * size <= GROUP; count++) if (heads % count === 0) together = count;
  return together * size;
}

/** Nodes that round a value and bring it back, traced apart, to be given inputs in a graph. */
function roundingNodes({ value, bits, group }: Compressed, stream: number): [Node, Node] {
  const made: Node[] = [];
  trace(() => {
    // A range of 16 codes is narrower, and its steps smaller, when outliers are spread over a group.
    const settings = { bits, group, rotate: bits < 8 };
    const key = { value: input(KEY_INPUT, [2], 'i32'), stream };
    const [codes, ranges] = quantize(input('x', value.shape), { ...settings, key });
    const back = dequantize(codes, ranges, { ...settings, key, features: value.shape[1]! });
    made.push(codes.node, back.node);
    return { back };
  });
  return made as [Node, Node];
}
