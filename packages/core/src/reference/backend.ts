import type { Backend } from '../backend.js';
import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { PlanError, UsageError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { checkMemory } from '../plan/check-memory.js';
import type { MemoryPlan } from '../plan/memory-plan.js';
import { planMemory } from '../plan/plan-memory.js';
import { planWithin } from '../plan/spill.js';
import { LIMIT_BYTES } from './arena.js';
import { ReferenceExecutable } from './executable.js';
import { type Precision, ReferenceState } from './state.js';

/** The oracle: every op as a plain loop. Slow, and right. */
export class ReferenceBackend implements Backend {
  readonly name = 'reference';

  constructor(
    readonly precision: Precision,
    /** Bytes that the arena may take; what is more goes to the host store. */
    readonly arenaBytes = LIMIT_BYTES,
    /** Bytes that a plan may take, host store included. */
    readonly memoryBytes = Number.POSITIVE_INFINITY,
  ) {}

  get settings(): { readonly precision: Precision } {
    return { precision: this.precision };
  }

  createState(): ReferenceState {
    return new ReferenceState(this.precision);
  }

  plan(graph: Graph): MemoryPlan {
    try {
      return planWithin(graph, { arenaBytes: this.arenaBytes }).plan;
    } catch (error) {
      // What it would take; compile() says that it does not fit.
      if (error instanceof PlanError) return planMemory(graph);
      throw error;
    }
  }

  /** @throws UsageError for a state of another backend or precision; PlanError when it cannot fit */
  async compile(
    graph: Graph,
    options: Parameters<Backend['compile']>[1],
  ): Promise<ReferenceExecutable> {
    checkOptions('compile', options, { state: true });
    const { state } = options;
    if (!(state instanceof ReferenceState) || state.precision !== this.precision)
      throw new UsageError(
        `the state must be one that this backend's createState() made, in ${this.precision}`,
      );
    const fitted = planWithin(graph, { arenaBytes: this.arenaBytes });
    checkMemory(fitted.plan, this.memoryBytes);
    return new ReferenceExecutable(fitted.graph, fitted.plan, state);
  }

  async dispose(): Promise<void> {}
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
  return new ReferenceBackend(precision, arenaBytes, memoryBytes);
}
