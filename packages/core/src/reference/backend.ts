import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { checkGraph } from '../checks/kinds.js';
import { UsageError } from '../errors.js';
import type { Backend, DeviceLimits, DeviceState } from '../execution/contract.js';
import { planOrSpill } from '../execution/plan-or-spill.js';
import { typesOf } from '../execution/state-table.js';
import type { Graph } from '../graph/graph.js';
import { checkMemory } from '../plan/check-memory.js';
import type { MemoryPlan } from '../plan/memory-plan.js';
import { planWithin } from '../plan/spill.js';
import { LIMIT_BYTES } from './arena.js';
import { ReferenceExecutable } from './executable.js';
import { type Precision, ReferenceState } from './state.js';

/** The oracle: every op as a plain loop. Slow, and right. */
export class ReferenceBackend implements Backend {
  readonly name = 'reference';

  #disposed = false;

  constructor(
    readonly precision: Precision,
    /** What is more than the arena may take goes to the host store. */
    readonly limits: DeviceLimits,
  ) {}

  get settings(): { readonly precision: Precision } {
    return { precision: this.precision };
  }

  createState(): ReferenceState {
    this.#expectUsable();
    return new ReferenceState(this.precision, this);
  }

  plan(graph: Graph, state?: DeviceState): MemoryPlan {
    checkGraph('plan: graph', graph);
    if (state) this.#own(state).missing(typesOf(graph.persistents));
    return planOrSpill(graph, { arenaBytes: this.limits.arenaBytes });
  }

  async compile(graph: Graph, options: { state: DeviceState }): Promise<ReferenceExecutable> {
    checkGraph('compile: graph', graph);
    checkOptions('compile', options, { state: true });
    this.#expectUsable();
    const own = this.#own(options.state);
    own.missing(typesOf(graph.persistents));
    const fitted = planWithin(graph, { arenaBytes: this.limits.arenaBytes });
    checkMemory(fitted.plan, this.limits.memoryBytes);
    return new ReferenceExecutable(fitted.graph, fitted.plan, own);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
  }

  /** @throws UsageError once it is disposed of */
  #expectUsable(): void {
    if (this.#disposed) throw new UsageError('the reference backend was disposed of');
  }

  /** @throws UsageError for a state of another backend */
  #own(state: DeviceState): ReferenceState {
    if (state instanceof ReferenceState && state.owner === this) return state;
    throw new UsageError(
      "the state must be one that this backend's createState() made: another's memory is not its own",
    );
  }
}

/**
 * The reference executor, which other backends are compared with. Kernels compute in double
 * precision; `precision` says what tensors are stored in between: `f32` as on a device, `f64` for
 * comparisons with finite differences and for telling rounding from error.
 *
 * @param options `arenaBytes` is what the arena may take, 4 GiB unless told; what is more is moved to
 * the host store while it waits. `memoryBytes` is what arena, host store and state may take together,
 * without limit unless told
 * @throws UsageError for another precision, an arena of no bytes or more than 4 GiB, or a memory of
 * no bytes
 */
export function createReferenceBackend(
  options: { precision?: Precision; arenaBytes?: number; memoryBytes?: number } = {},
): ReferenceBackend {
  checkOptions('the reference backend', options, {
    ...{ precision: true, arenaBytes: true, memoryBytes: true },
  });
  const {
    precision = 'f32',
    arenaBytes = LIMIT_BYTES,
    memoryBytes = Number.POSITIVE_INFINITY,
  } = options;
  if (precision !== 'f32' && precision !== 'f64')
    throw new UsageError(
      `the reference backend computes in f32 or f64, not ${describeValue(precision)}`,
    );
  if (!(Number.isInteger(arenaBytes) && arenaBytes > 0 && arenaBytes <= LIMIT_BYTES))
    throw new UsageError(
      `arenaBytes must be a whole number above 0 and at most ${LIMIT_BYTES}, not ${describeValue(arenaBytes)}`,
    );
  if (!(typeof memoryBytes === 'number' && memoryBytes > 0))
    throw new UsageError(`memoryBytes must be a number above 0, not ${describeValue(memoryBytes)}`);
  return new ReferenceBackend(precision, { arenaBytes, memoryBytes });
}
