import { totalmem } from 'node:os';
import { missing, type Platform, type PlatformName, unwrapped } from '../platforms/platform.js';

/** libtensorflow, by the package that binds it. */
const bound = (name: PlatformName, specifier: string): Platform => ({
  name,
  backend: 'tensorflow',
  abilities: { wholeNumberBits: 32, everyOp: true },
  load: async () => unwrapped(await import(specifier).catch(missing(name, specifier))),
});

/** The platforms that are Node's alone. */
export const nodePlatforms: readonly Platform[] = [
  bound('node-gpu', '@tensorflow/tfjs-node-gpu'),
  bound('node', '@tensorflow/tfjs-node'),
];

/** Bytes of memory that this process can have: the machine's, or its container's where that is less. */
export function memoryBytes(): number {
  // 0 where nothing constrains, or more than any machine has.
  const constrained = process.constrainedMemory();
  return Math.min(totalmem(), constrained || Number.POSITIVE_INFINITY);
}
