import { BackendError, type Node } from '@sketchgrad/core';
import { kernels } from './index.js';
import type { Kernel } from './kernel.js';

/** How the CPU runs a node. @throws BackendError for an op that it has no kernel for */
export function kernelFor(node: Node): Kernel {
  const kernel = kernels.get(node.op.name);
  if (!kernel)
    throw new BackendError(`the CPU backend has no kernel for '${node.op.name}' (${node.scope})`);
  return kernel;
}
