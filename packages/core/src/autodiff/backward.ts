import { ShapeError } from '../errors.js';
import { checkBuild, checkValue, checkValues } from '../graph/arguments.js';
import { constant, isLeaf } from '../graph/leaves.js';
import { inStage, tracedNodes } from '../graph/trace.js';
import type { Value } from '../graph/value.js';
import { add } from '../ops/add.js';

/**
 * Reverse mode: adds the backward pass of `loss` to the graph being traced.
 *
 * @param loss a scalar, f32 []
 * @param parameters what to differentiate by
 * @param ready called as soon as a parameter's gradient is complete, so that an optimizer can use it
 * and its memory is free before the next one is made; what it traces counts as the update stage
 * @throws UsageError for what are no values, or no function; ShapeError when the loss is no scalar or does not depend on a parameter, when one of
 * `parameters` is neither a persistent tensor nor an input, or when an op on the way has no gradient
 */
export function backward(
  loss: Value,
  parameters: readonly Value[],
  ready: (parameter: Value, gradient: Value) => void,
): void {
  checkValue('the loss', loss);
  checkValues('the parameters', parameters);
  checkBuild('backward()', ready);
  if (loss.shape.length !== 0)
    throw new ShapeError(`the loss must be a scalar, not [${loss.shape.join(', ')}]`);
  const derived = parameters.find((value) => !isLeaf(value.node));
  if (derived)
    throw new ShapeError(
      `gradients are taken by parameters and inputs, not by a result of '${derived.node.op.name}'`,
    );
  const forward = [...tracedNodes()].filter((node) => !isLeaf(node));
  const relevant = reaching(parameters, forward);
  const waiting = firstUses(parameters, forward);
  const cotangents = new Map<Value, Value>();
  const wanted = new Set(parameters);
  const unreached = new Set(parameters);

  inStage('backward', () => {
    cotangents.set(loss, constant(Float32Array.of(1), []));
    for (const node of forward.reverse()) {
      const incoming = node.outputs.map((output) => cotangents.get(output));
      for (const output of node.outputs) cotangents.delete(output);
      if (incoming.some((cotangent) => cotangent) && relevant.has(node)) {
        const vjp = node.op.vjp === 'traced' ? node.vjp! : node.op.vjp;
        if (vjp === 'none')
          throw new ShapeError(`gradients cannot pass through '${node.op.name}' (${node.scope})`);
        const outgoing = vjp(node.inputs, node.outputs, incoming, node.attributes, node);
        node.inputs.forEach((value, index) => {
          const cotangent = outgoing[index];
          if (!cotangent || (isLeaf(value.node) ? !wanted.has(value) : !relevant.has(value.node)))
            return;
          const known = cotangents.get(value);
          cotangents.set(value, known ? add(known, cotangent) : cotangent);
        });
      }
      for (const parameter of waiting.get(node) ?? []) {
        const gradient = cotangents.get(parameter);
        if (!gradient) continue;
        unreached.delete(parameter);
        cotangents.delete(parameter);
        inStage('update', () => ready(parameter, gradient));
      }
    }
  });
  const [missing] = unreached;
  if (missing)
    throw new ShapeError(`the loss does not depend on '${missing.node.attributes.name}'`);
}

/** Nodes through which a parameter reaches the loss. */
function reaching(parameters: readonly Value[], forward: readonly Value['node'][]) {
  const sources = new Set<Value>(parameters);
  const nodes = new Set<Value['node']>();
  for (const node of forward) {
    if (!node.inputs.some((value) => sources.has(value))) continue;
    nodes.add(node);
    for (const output of node.outputs) sources.add(output);
  }
  return nodes;
}

/** For each node, the parameters that no earlier node reads: there the backward pass completes them. */
function firstUses(parameters: readonly Value[], forward: readonly Value['node'][]) {
  const wanted = new Set(parameters);
  const uses = new Map<Value['node'], Value[]>();
  for (const node of forward) {
    for (const value of node.inputs) {
      if (!wanted.delete(value)) continue;
      const list = uses.get(node);
      if (list) list.push(value);
      else uses.set(node, [value]);
    }
  }
  return uses;
}
