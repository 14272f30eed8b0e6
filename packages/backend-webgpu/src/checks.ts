import type { Device } from './device.js';
import { COPY_SOURCE, STORAGE } from './gpu-flags.js';
import { CHECKS, checked, FINE } from './kernels/checked/kernel.js';
import { type Check, type Dispatch, dispatch, type Operand, type Range } from './lowering.js';
import { ALL } from './wgsl/used-rows.js';

/** Bytes of what a check finds: a position, and the number there. */
const FOUND_BYTES = 8;

/** What is looked at in each run, and what was found: the same numbers are looked at once. */
export class Checks {
  readonly #checks: Check[] = [];
  readonly #known = new Map<Operand, Set<string>>();
  #buffer: GPUBuffer | undefined;

  constructor(private readonly device: Device) {}

  get buffer(): GPUBuffer {
    this.#buffer ??= this.device.gpu.createBuffer({
      label: 'checks',
      size: this.device.aligned(this.bytes),
      usage: STORAGE | COPY_SOURCE,
    });
    return this.#buffer;
  }

  get bytes(): number {
    return this.#checks.length * FOUND_BYTES;
  }

  /** What has to run for a check; nothing where it was made before. */
  add(check: Check): readonly Dispatch[] {
    const { check: kind, of, count, limits, used } = check;
    // Whoever says where rows end says so of all of a graph.
    const key = [kind, count, used !== undefined, ...limits].join(' ');
    const known = this.#known.get(of) ?? new Set();
    if (known.has(key) || count === 0) return [];
    this.#known.set(of, known.add(key));
    this.#checks.push(check);
    return [
      dispatch(checked, {
        operands: { x: of, starts: used?.starts, found: this.#range() },
        uniforms: {
          ...{ kind: CHECKS[kind], limits, check: this.#checks.length - 1 },
          ...{ rows: count, last: used?.last ?? ALL },
        },
        groups: 1,
      }),
    ];
  }

  /** @throws BackendError for the first check that found something */
  expectFine(found: ArrayBuffer): void {
    const words = new Uint32Array(found);
    const values = { i32: new Int32Array(found), f32: new Float32Array(found) };
    for (const [at, { of, refuse }] of this.#checks.entries())
      if (words[2 * at] !== FINE)
        throw refuse(words[2 * at]!, values['dtype' in of ? of.dtype : 'f32'][2 * at + 1]!);
  }

  free(): void {
    this.#buffer?.destroy();
  }

  /** All that is found; how much that is, is known once all checks are. */
  #range(): Range {
    const bytes = () => this.bytes;
    return {
      slot: this,
      offset: 0,
      get bytes() {
        return bytes();
      },
    };
  }
}
