import {
  type Backend,
  checkGraph,
  checkMemory,
  checkOptions,
  type DeviceLimits,
  type DeviceState,
  type Executable,
  formatBytes,
  type Graph,
  type MemoryPlan,
  PlanError,
  planMemory,
  UsageError,
} from '@sketchgrad/core';
import type { Capabilities } from '../capabilities.js';
import type { SmallerLimits } from '../themes/theme.js';
import { SmallDevice } from './device.js';
import { SmallExecutable } from './executable.js';
import { SmallState } from './state.js';

/** More than any tensor of the suite takes. */
const BUFFER_BYTES = 2560 * 256;

const MEMORY_BYTES = 16 * 2 ** 20;

/** What the small backend can do. */
export const SMALL_CAPABILITIES: Capabilities = {
  ...{
    arena: true,
    bufferBytes: BUFFER_BYTES,
    measuresTouched: true,
    exactBits: true,
    subnormals: true,
  },
};

class SmallBackend implements Backend {
  readonly name = 'small';
  readonly #device: SmallDevice;

  constructor(
    readonly limits: DeviceLimits,
    bufferBytes: number,
  ) {
    this.#device = new SmallDevice(bufferBytes, limits.memoryBytes);
  }

  createState(): SmallState {
    this.#device.expectUsable();
    return new SmallState(this.#device);
  }

  plan(graph: Graph, state?: DeviceState): MemoryPlan {
    checkGraph('plan: graph', graph);
    this.#device.expectUsable();
    if (state) this.#own(state).check(graph.persistents);
    return planMemory(graph, this.#device.planOptions);
  }

  async compile(graph: Graph, options: { state: DeviceState }): Promise<Executable> {
    checkGraph('compile: graph', graph);
    checkOptions('compile', options, { state: true });
    const device = this.#device;
    const state = this.#own(options.state);
    return device.turns.take(async () => {
      state.check(graph.persistents);
      const plan = planMemory(graph, device.planOptions);
      this.#expectFits(plan);
      return new SmallExecutable({ graph, plan, state, device });
    });
  }

  async dispose(): Promise<void> {
    return this.#device.turns.take(async () => this.#device.dispose());
  }

  /** @throws PlanError where it does not */
  #expectFits(plan: MemoryPlan): void {
    const { arenaBytes } = this.limits;
    const { buffers } = this.#device;
    if (plan.arenaBytes > arenaBytes)
      throw new PlanError(
        `the plan's arena takes ${formatBytes(plan.arenaBytes)}; it may take ${formatBytes(arenaBytes)}`,
        plan.arenaBytes,
        arenaBytes,
      );
    const used = plan.buffers.filter(({ space }) => space === 'device').length;
    if (used > buffers.count)
      throw new PlanError(
        `the plan takes ${used} buffers of ${formatBytes(buffers.bytes)}; there are ${buffers.count}`,
        used * buffers.bytes,
        buffers.count * buffers.bytes,
      );
    checkMemory(plan, this.limits.memoryBytes);
  }

  /** @throws UsageError for a state of another backend */
  #own(state: DeviceState): SmallState {
    if (state instanceof SmallState && state.device === this.#device) return state;
    throw new UsageError(
      "the state must be one that this backend's createState() made: another's memory is not its own",
    );
  }
}

/**
 * A backend that is as little like the others as a device may be: tensors begin at multiples of 256
 * bytes, in two buffers of limited size; nothing is written over what dies, nothing waits in a host
 * store, and all is done later than it is asked for. It runs the reference executor's kernels.
 *
 * @param limits `bufferBytes`, a multiple of 256, is what one buffer takes, 640 KiB unless told;
 * `arenaBytes` what both may take; `memoryBytes` what buffers and states may, 16 MiB unless told
 */
export async function createSmallBackend(limits: SmallerLimits = {}): Promise<Backend> {
  const { bufferBytes = BUFFER_BYTES, memoryBytes = MEMORY_BYTES } = limits;
  const { arenaBytes = 2 * bufferBytes } = limits;
  return new SmallBackend({ arenaBytes, memoryBytes }, bufferBytes);
}
