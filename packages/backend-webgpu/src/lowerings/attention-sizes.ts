import { BackendError, type Value } from '@sketchgrad/core';
import { MOST_FEATURES } from '../kernels/attention/common.js';
import type { Check, NodeOf } from '../lowering.js';
import { dropoutUniforms } from '../wgsl/dropout.js';
import { checkedStarts } from './used-rows.js';

/** What attention ops are told. */
export type AttentionAttributes = {
  readonly heads: number;
  readonly longest: number;
  readonly threshold: number;
  readonly stream: number;
};

/** Probabilities that bits are drawn for by 32-bit numbers. */
const MOST_DRAWN = 2 ** 32;

/**
 * What attention's kernels are told, and what starts have to be.
 *
 * @param features of all heads together
 * @param drawn how many probabilities there are at most
 * @throws BackendError for heads of more features than a kernel has room for, or more probabilities than bits
 * are drawn for
 */
export function attentionSizes(
  node: NodeOf<AttentionAttributes>,
  {
    rows,
    features,
    starts,
    drawn,
  }: { rows: number; features: number; starts: Value; drawn: number },
) {
  const { heads, longest, threshold } = node.attributes;
  const size = features / heads;
  const place = node.scope ? ` in ${node.scope}` : '';
  if (size > MOST_FEATURES)
    throw new BackendError(
      `${node.op.name}${place}: heads of ${size} features; the webgpu backend has room for ${MOST_FEATURES}`,
    );
  if (threshold > 0 && drawn > MOST_DRAWN)
    throw new BackendError(
      `${node.op.name}${place}: dropout draws bits for ${drawn} probabilities; the webgpu backend draws them for ${MOST_DRAWN}. A smaller batch or no dropout of attention would do`,
    );
  const uniforms = {
    ...{ rows, examples: starts.shape[0]! - 1, heads, size, root: Math.sqrt(size) },
    ...dropoutUniforms(node.attributes),
  };
  const checks: readonly Check[] = checkedStarts(node, starts, rows, { longest });
  return { uniforms, checks };
}
