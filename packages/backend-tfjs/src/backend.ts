import {
  type Backend,
  BackendError,
  checkGraph,
  checkMemory,
  checkOneOf,
  checkOptions,
  type DeviceLimits,
  type DeviceState,
  describeValue,
  type Executable,
  type Graph,
  type MemoryPlan,
  planMemory,
  UsageError,
} from '@sketchgrad/core';
import { machineMemory } from '@sketchgrad/core/backend';
import { Device, turnsOf } from './device.js';
import { TfjsExecutable } from './executable.js';
import type { Host } from './host/host.js';
import { loadHost } from './host/load-host.js';
import { expectLowerings } from './lowerings/index.js';
import { platforms } from './platforms/index.js';
import { PLATFORM_NAMES, type Platform, type PlatformName } from './platforms/platform.js';
import { TfjsState } from './state.js';
import type { Tf } from './tensors/tf.js';

// A type, not an interface, so that `loadBackend` takes the module as one that exports a backend.
/** How the tfjs backend is made. */
export type TfjsOptions = {
  /** Where TensorFlow.js runs. */
  readonly platform: PlatformName;
  /**
   * TensorFlow.js's module, where the program has one that it uses beside: `import * as tf from
   * '@tensorflow/tfjs'`. Two copies of it know nothing of each other's tensors. The platform's package
   * is imported unless it is registered there.
   */
  readonly tf?: Tf;
  /** Bytes that a plan's peak may take, of 4 GiB at most on `wasm`; the machine's memory unless given. */
  readonly memoryBytes?: number;
};

class TfjsBackend implements Backend {
  /** As the command lines take it: `tfjs:wasm`. */
  readonly name: string;
  readonly limits: DeviceLimits;
  readonly versions: Readonly<Record<string, string>>;
  readonly #device: Device;

  constructor(tf: Tf, platform: Platform, host: Host, memoryBytes: number) {
    this.limits = { memoryBytes, arenaBytes: memoryBytes };
    this.name = `tfjs:${platform.name}`;
    this.versions = { '@tensorflow/tfjs-core': tf.version_core };
    this.#device = new Device(tf, platform, host, memoryBytes);
  }

  createState(): TfjsState {
    this.#device.expectUsable();
    return new TfjsState(this.#device);
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
      expectLowerings(plan.schedule, device.platform);
      checkMemory(plan, this.limits.memoryBytes);
      return new TfjsExecutable({ graph, plan, state, device });
    });
  }

  async dispose(): Promise<void> {
    return this.#device.turns.take(async () => this.#device.dispose());
  }

  /** @throws UsageError for a state of another backend */
  #own(state: DeviceState): TfjsState {
    if (state instanceof TfjsState && state.device === this.#device) return state;
    throw new UsageError(
      "the state must be one that this backend's createState() made: another's memory is not its own",
    );
  }
}

/**
 * The tfjs backend: TensorFlow.js's ops, on a platform of its. Each tensor is disposed of where the plan
 * says that it dies. While something runs, TensorFlow.js's own backend is set to the platform's.
 *
 * @throws UsageError for a platform that there is not, or a memory of no bytes; BackendError, with what
 * to install, where the platform's package is missing, or where it does not start
 */
export async function createBackend(options: TfjsOptions): Promise<Backend> {
  checkOptions('the tfjs backend', options ?? {}, {
    ...{ platform: true, tf: true, memoryBytes: true },
  });
  const { platform: name, tf: given, memoryBytes = machineMemory() } = options ?? {};
  checkOneOf("the tfjs backend's platform", name, PLATFORM_NAMES);
  if (!(typeof memoryBytes === 'number' && memoryBytes > 0))
    throw new UsageError(`memoryBytes must be a number above 0, not ${describeValue(memoryBytes)}`);
  const platform = platforms.get(name);
  if (!platform)
    throw new BackendError(`the platform '${name}' of the tfjs backend is Node's alone`);
  const tf = given === undefined ? await platform.load() : await withPlatform(given, platform);
  const host = await loadHost();
  // Of two backends that are set at once TensorFlow.js gives one of them up.
  await turnsOf(tf).take(() => start(tf, platform));
  const { mostBytes = Number.POSITIVE_INFINITY } = platform;
  return new TfjsBackend(tf, platform, host, Math.min(memoryBytes, mostBytes));
}

/** @throws UsageError for what is no module of TensorFlow.js's, or is not the one that the platform's is of */
async function withPlatform(tf: Tf, platform: Platform): Promise<Tf> {
  if (typeof tf?.engine !== 'function' || typeof tf.findBackendFactory !== 'function')
    throw new UsageError(
      `the tfjs backend's tf must be TensorFlow.js's module, import * as tf from '@tensorflow/tfjs-core', but it is ${describeValue(tf)}`,
    );
  if (tf.findBackendFactory(platform.backend)) return tf;
  const other = await platform.load();
  if (tf.findBackendFactory(platform.backend)) return tf;
  throw new UsageError(
    `the platform '${platform.name}' is registered with another copy of TensorFlow.js (${other.version_core}) than the tf that is given (${tf.version_core}): have one version of @tensorflow/tfjs-core installed, or leave tf out`,
  );
}

/** @throws BackendError where the platform does not start */
async function start(tf: Tf, { name, backend, prepare }: Platform): Promise<void> {
  const before = tf.engine().backendName;
  let started = false;
  try {
    started = await tf.setBackend(backend);
  } catch (cause) {
    throw new BackendError(
      `the platform '${name}' of the tfjs backend does not start: ${(cause as Error).message}`,
      { cause },
    );
  } finally {
    if (before && before !== backend) await tf.setBackend(before);
  }
  if (!started)
    throw new BackendError(
      `the platform '${name}' of the tfjs backend does not start here; TensorFlow.js has said why on the console`,
    );
  prepare?.(tf);
}
