import { checkText } from './checks/check-members.js';
import { nearName } from './checks/near-name.js';
import { BackendError, UsageError } from './errors.js';
import type { Graph } from './graph/graph.js';
import type { Shape } from './graph/types.js';
import type { MemoryPlan } from './plan/memory-plan.js';
import { createReferenceBackend } from './reference/backend.js';

/** Numbers that go in and out of a run: f32 or i32, row after row. */
export type TensorData = Float32Array | Int32Array;

/** How long one op took in all, over the runs since the executable was compiled. */
export interface OpTime {
  readonly op: string;
  readonly calls: number;
  readonly seconds: number;
}

/**
 * The tensors that stay on a device between runs, by name: parameters, optimizer state. Executables
 * compiled with the same state work on the same tensors; one is allocated, filled with zeros, when
 * the first executable that names it is compiled.
 */
export interface DeviceState {
  /** Names and shapes of what is allocated. */
  readonly tensors: ReadonlyMap<string, Shape>;
  /** @throws UsageError for an unknown name or a wrong count */
  write(name: string, data: Float32Array): Promise<void>;
  /** A copy. @throws UsageError for an unknown name */
  read(name: string): Promise<Float32Array>;
}

/** A graph that is ready to run on a backend. */
export interface Executable {
  readonly plan: MemoryPlan;
  /**
   * Runs the graph once.
   * @param inputs all of the graph's inputs by name
   * @returns copies of the graph's outputs by name
   * @throws UsageError for a missing, unknown or wrongly sized input; BackendError when a kernel fails
   */
  run(inputs: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>>;
  /** Bytes that the runs so far really touched at most: persistent tensors, arena, host store. */
  measuredPeakBytes(): number;
  /** Time by op, longest first. */
  profile(): readonly OpTime[];
  dispose(): Promise<void>;
}

/** What executes graphs: picked by name at run time with {@link loadBackend}. */
export interface Backend {
  readonly name: string;
  /** Bytes that a plan's peak may take: what the machine has. `Infinity` where that is not known. */
  readonly memoryBytes: number;
  /**
   * What its results' bits depend on beside graph and inputs, by name, defaults of the machine filled
   * in: `threads`, `precision`. Absent where that is nothing. A run is continued under the same only.
   */
  readonly settings?: Readonly<Record<string, number | string>>;
  createState(): DeviceState;
  /**
   * The plan that `compile` would follow, without allocating anything: where the arena would be too
   * large, with tensors moved to the host store (`hostBytes`), or what it would take if none could.
   */
  plan(graph: Graph): MemoryPlan;
  /** @throws PlanError when the plan needs more than the backend can allocate */
  compile(graph: Graph, options: { state: DeviceState }): Promise<Executable>;
  dispose(): Promise<void>;
}

/** What a backend package exports. */
export interface BackendModule {
  createBackend(options?: Readonly<Record<string, unknown>>): Promise<Backend>;
}

/** Backends that sketchgrad publishes, and the package of each. */
const PACKAGES: ReadonlyMap<string, string> = new Map([['cpu', '@sketchgrad/backend-cpu']]);

/**
 * Loads a backend by name: `cpu`; `reference`, which is built in, slow, and takes `precision`, `f32`
 * or `f64`; or the name of a package that exports `createBackend`.
 *
 * @throws UsageError for a name that is neither; BackendError, with what to install, when the
 * package is not there
 */
export async function loadBackend(
  name: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Backend> {
  checkText('the name of a backend', name);
  if (name === 'reference') return createReferenceBackend(options);
  const specifier = PACKAGES.get(name) ?? (/[/@]/.test(name) ? name : undefined);
  if (!specifier)
    throw new UsageError(
      `there is no backend '${name}'${nearName(name, [...PACKAGES.keys(), 'reference'])}; known: ${[...PACKAGES.keys(), 'reference'].join(', ')}, or a package's name`,
    );
  const module = await importFromCaller(specifier);
  if (!module)
    throw new BackendError(
      `the backend '${name}' is not installed; add it with: npm install ${specifier}`,
    );
  if (typeof module.createBackend !== 'function')
    throw new BackendError(`${specifier} is no backend: it exports no createBackend()`);
  return module.createBackend(options);
}

/**
 * Imports an optional package: as this module sees it, or, where installers keep packages apart, as
 * the running program or the working directory does. `undefined` when none of them has it.
 */
async function importFromCaller(specifier: string): Promise<Partial<BackendModule> | undefined> {
  try {
    return (await import(specifier)) as Partial<BackendModule>;
  } catch (error) {
    if (!isMissing(error, specifier)) throw error;
  }
  if (typeof process === 'undefined' || !process.versions?.node) return undefined;
  const { createRequire } = await import('node:module');
  const { pathToFileURL } = await import('node:url');
  const { realpathSync } = await import('node:fs');
  const program = process.argv[1];
  const bases = [...(program ? [realpathSync(program)] : []), `${process.cwd()}/`];
  for (const base of bases) {
    let found: string;
    try {
      found = createRequire(base).resolve(specifier);
    } catch (error) {
      if (!isMissing(error, specifier)) throw error;
      continue;
    }
    return (await import(pathToFileURL(found).href)) as Partial<BackendModule>;
  }
  return undefined;
}

const isMissing = (error: unknown, specifier: string): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') &&
  error.message.includes(`'${specifier}'`);
