import type { Kernel } from './kernel.js';

/** One thread sorts; rows are few beside what is done with each. */
export const rankRows: Kernel = {
  op: 'rankRows',
  scratchBytes: (node) => 4 * (4 * node.inputs[0]!.shape[0]! + 256),
  lower: (node, context) => {
    const priorities = context.address(node.inputs[0]!);
    const ranks = context.address(node.outputs[0]!);
    const rows = node.inputs[0]!.shape[0]!;
    const checks = { what: 'priority', address: priorities, accepted: 'a number' };
    const args = [priorities, ranks, context.scratch(node), rows];
    return [(thread) => (thread === 0 ? [{ kernel: 'rankRows', arguments: args, checks }] : [])];
  },
};
