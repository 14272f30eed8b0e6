import { nodePlatforms } from '#node';
import { cpu } from './cpu.js';
import type { Platform, PlatformName } from './platform.js';
import { wasm } from './wasm.js';
import { webgl } from './webgl.js';
import { webgpu } from './webgpu.js';

/** The platforms that there may be where this runs, by name. */
export const platforms: ReadonlyMap<PlatformName, Platform> = new Map(
  [...nodePlatforms, webgpu, webgl, wasm, cpu].map((platform) => [platform.name, platform]),
);
