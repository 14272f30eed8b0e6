import {
  alignUp,
  byteLength,
  type GradientEstimator,
  input,
  KEY_INPUT,
  type LayerEstimators,
  type LinearLayer,
  newKey,
  trace,
  type Value,
} from '@sketchgrad/core';
import type { Candidate } from '../budget/candidates.js';
import { NOTHING } from '../free-inputs/nothing.js';

/**
 * What each candidate adds to the bytes that a step keeps. One that keeps tensors of its own adds
 * those. One that keeps X itself may add nothing, where X is made again from what is kept anyway:
 * what it adds in each kind of layer is found from plans, with it there and nothing elsewhere.
 *
 * @param keptBytes plans a step
 * @returns [layers][candidates]
 */
export function addedBytes(
  layers: readonly LinearLayer[],
  candidates: readonly Candidate[],
  keptBytes: (choice: LayerEstimators) => number,
): number[][] {
  const least = keptBytes(() => NOTHING);
  const found = new Map<string, number>();
  const own = new Map<string, number | undefined>();
  const ofOwnTensors = (layer: LinearLayer, { name, estimator }: Candidate): number | undefined => {
    const size = `${layer.rows} ${layer.inputs} ${name}`;
    if (!own.has(size)) own.set(size, ownBytes(estimator, layer));
    return own.get(size);
  };
  const ofWholeInput = (layer: LinearLayer, { name, estimator }: Candidate): number => {
    const kind = kindOf(layer);
    const known = found.get(`${kind} ${name}`);
    if (known !== undefined) return known;
    const planned = keptBytes((other) => (kindOf(other) === kind ? estimator : NOTHING));
    const alike = layers.filter((other) => kindOf(other) === kind).length;
    const bytes = Math.max(0, planned - least) / alike;
    found.set(`${kind} ${name}`, bytes);
    return bytes;
  };
  return layers.map((layer) =>
    candidates.map((candidate) => ofOwnTensors(layer, candidate) ?? ofWholeInput(layer, candidate)),
  );
}

/** Layers of one kind are of one size and differ in nothing but the numbers in their names. */
const kindOf = ({ name, inputs, outputs }: LinearLayer): string =>
  `${name.replace(/\d+/g, '#')} ${inputs} ${outputs}`;

/** Bytes of the tensors of its own that an estimator keeps, or undefined where X is among them. */
function ownBytes(estimator: GradientEstimator, { rows, inputs }: LinearLayer): number | undefined {
  let kept: readonly Value[] = [];
  let x: Value | undefined;
  trace(() => {
    x = input('x', [rows, inputs]);
    const priorities = input('priorities', [rows]);
    kept = Object.values(estimator.keep(x, newKey(input(KEY_INPUT, [2], 'i32')), priorities));
    return { x };
  });
  if (kept.includes(x!)) return undefined;
  return kept.reduce((sum, value) => sum + alignUp(byteLength(value)), 0);
}
