import type { NodeData } from './model.js';

/**
 * How good logits are on some nodes, from 0 to 1: the share whose largest logit is the label's
 * (accuracy); for several labels a node micro-F1, 2 tp/(2 tp + fp + fn) over all of their yes and no,
 * yes being a logit above 0.
 *
 * @param logits [nodes × classes]
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
    else correct += +(largest(logits, first, classes) === labels[node]);
  }
  if (!multiLabel) return correct / nodes.length;
  return yes === 0 ? 0 : (2 * correct) / yes;
}

function largest(values: ArrayLike<number>, first: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[first + i]! > values[first + best]!) best = i;
  return best;
}
