import { type NodeData, UsageError } from '@sketchgrad/core';

/**
 * How good logits are on some nodes, from 0 to 1: the share whose largest logit is the label's
 * (accuracy); for several labels a node micro-F1, 2 tp/(2 tp + fp + fn) over all of their yes and no,
 * yes being a logit above 0.
 *
 * @param logits [nodes × classes]
 * @throws UsageError on a node whose label is no class, −1 for one
 */
export function nodeScore(
  logits: ArrayLike<number>,
  { labels, classes, multiLabel }: Pick<NodeData, 'labels' | 'classes' | 'multiLabel'>,
  nodes: Int32Array,
): number {
  let correct = 0;
  let yes = 0;
  for (const node of nodes) {
    const first = node * classes;
    if (multiLabel)
      for (let at = first; at < first + classes; at++) {
        const predicted = +(logits[at]! > 0);
        correct += predicted * labels[at]!;
        yes += predicted + labels[at]!;
      }
    else {
      const label = labels[node]!;
      if (!(Number.isInteger(label) && label >= 0 && label < classes))
        throw new UsageError(
          `node ${node} is to be scored and has the label ${label}; accepted: 0 to ${classes - 1}`,
        );
      correct += +(largest(logits, first, classes) === label);
    }
  }
  if (!multiLabel) return correct / nodes.length;
  return yes === 0 ? 0 : (2 * correct) / yes;
}

function largest(values: ArrayLike<number>, first: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[first + i]! > values[first + best]!) best = i;
  return best;
}
