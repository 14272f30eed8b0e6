import {
  type Backend,
  BackendError,
  checkFlag,
  checkGraph,
  checkMemory,
  checkOptions,
  type DeviceLimits,
  type DeviceState,
  describeValue,
  type Executable,
  formatBytes,
  type Graph,
  type MemoryPlan,
  PlanError,
  planMemory,
  UsageError,
} from '@sketchgrad/core';
import { machineMemory } from '@sketchgrad/core/backend';
import { Commands, expectLowerings } from './commands.js';
import { Device } from './device.js';
import { WebgpuExecutable } from './executable.js';
import { nameOf, requestDevice } from './request-device.js';
import { WebgpuState } from './state.js';

// A type, not an interface, so that `loadBackend` takes the module as one that exports a backend.
/** How the webgpu backend is made. */
export type WebgpuOptions = {
  /** Where adapters come from: `navigator.gpu`, or in Node what npm's webgpu makes, unless given. */
  readonly gpu?: GPU;
  /** What the device is of; the fastest that `gpu` has unless given. */
  readonly adapter?: GPUAdapter;
  /** A device of the program's own, which stays when the backend is disposed of. */
  readonly device?: GPUDevice;
  /**
   * Bytes that a plan's peak may take. WebGPU does not say how much memory a GPU has: the machine's unless
   * given, and what a page is trusted with in a browser.
   */
  readonly memoryBytes?: number;
  /** Bytes that the buffers of a step may take; `memoryBytes` unless given. */
  readonly arenaBytes?: number;
  /**
   * Whether threads of a workgroup share what they read and wait for each other: fast on GPUs, slow where the CPU
   * computes. By what the adapter is unless given; results differ in their last bits.
   */
  readonly sharing?: boolean;
  /** Bytes of the largest buffer; what the device binds unless given. */
  readonly bufferBytes?: number;
};

class WebgpuBackend implements Backend {
  readonly name = 'webgpu';
  readonly limits: DeviceLimits;
  readonly settings: Readonly<Record<string, string>>;
  readonly #device: Device;

  constructor(
    device: Device,
    { arenaBytes, settings }: Pick<DeviceLimits, 'arenaBytes'> & Pick<WebgpuBackend, 'settings'>,
    private readonly destroy: () => void,
  ) {
    this.limits = { memoryBytes: device.options.memoryBytes, arenaBytes };
    this.settings = settings;
    this.#device = device;
  }

  createState(): WebgpuState {
    this.#device.expectUsable();
    return new WebgpuState(this.#device);
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
    return device.take(async () => {
      state.check(graph.persistents);
      const plan = planMemory(graph, device.planOptions);
      expectLowerings(plan.schedule);
      this.#expectFits(plan);
      await state.ensure(graph.persistents);
      const compiled = { graph, plan, state, device };
      return new WebgpuExecutable(compiled, await Commands.of(compiled));
    });
  }

  async dispose(): Promise<void> {
    return this.#device.turns.take(async () => {
      await this.#device.dispose();
      this.destroy();
    });
  }

  /** @throws PlanError where it does not */
  #expectFits(plan: MemoryPlan): void {
    const { arenaBytes, memoryBytes } = this.limits;
    if (plan.arenaBytes > arenaBytes)
      throw new PlanError(
        `the plan's arena takes ${formatBytes(plan.arenaBytes)}; it may take ${formatBytes(arenaBytes)}`,
        plan.arenaBytes,
        arenaBytes,
      );
    checkMemory(plan, memoryBytes);
  }

  /** @throws UsageError for a state of another backend */
  #own(state: DeviceState): WebgpuState {
    if (state instanceof WebgpuState && state.device === this.#device) return state;
    throw new UsageError(
      "the state must be one that this backend's createState() made: another's memory is not its own",
    );
  }
}

/** Tensors begin at multiples of so many bytes at least: whole vectors. */
const LEAST_ALIGNMENT = 64;

/**
 * The webgpu backend: a GPU through WebGPU, in a browser or, with npm's webgpu beside it, in Node.
 *
 * @throws UsageError for a limit that is no number above 0; BackendError, with what to do, where there is no
 * WebGPU, no adapter, or no device
 */
export async function createBackend(options: WebgpuOptions = {}): Promise<Backend> {
  checkOptions('the webgpu backend', options, {
    ...{ gpu: true, adapter: true, device: true, sharing: true },
    ...{ memoryBytes: true, arenaBytes: true, bufferBytes: true },
  });
  const { memoryBytes = machineMemory(), arenaBytes = memoryBytes } = options;
  for (const [name, value] of Object.entries({ memoryBytes, arenaBytes, ...options }))
    if (name.endsWith('Bytes') && !(typeof value === 'number' && value > 0))
      throw new UsageError(`${name} must be a number above 0, not ${describeValue(value)}`);
  if (options.sharing !== undefined) checkFlag("the webgpu backend's sharing", options.sharing);
  const { device: gpu, info } = await requestDevice(options);
  const sharing = options.sharing ?? !info.isFallbackAdapter;
  const { limits } = gpu;
  const bindable = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const alignment = Math.max(limits.minStorageBufferOffsetAlignment, LEAST_ALIGNMENT);
  const bufferBytes = Math.min(options.bufferBytes ?? bindable, bindable);
  if (bufferBytes < alignment)
    throw new BackendError(
      `buffers of ${formatBytes(bufferBytes)} hold nothing: tensors begin at multiples of ${alignment} bytes`,
    );
  const device = new Device(gpu, { memoryBytes, bufferBytes, alignment, sharing });
  const settings = { adapter: nameOf(info), sharing: sharing ? 'yes' : 'no' };
  return new WebgpuBackend(device, { arenaBytes, settings }, () => {
    if (!options.device) gpu.destroy();
  });
}
