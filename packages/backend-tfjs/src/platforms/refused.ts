import type { PlatformName } from './platform.js';

/** An op that a platform cannot run, and why. */
interface Refused {
  readonly op: string;
  readonly platforms: readonly PlatformName[];
  readonly why: string;
}

/** All that is refused; each is in the package's README. */
export const REFUSED: readonly Refused[] = ['batchNormalize', 'batchNormalizeGradient'].map(
  (op) => ({
    op,
    platforms: ['webgpu'],
    why: 'it looks at its sums while it runs, which WebGPU gives later',
  }),
);

/** Why an op is not run on a platform; undefined where it is. */
export const refusal = (op: string, platform: PlatformName): string | undefined =>
  REFUSED.find((one) => one.op === op && one.platforms.includes(platform))?.why;
