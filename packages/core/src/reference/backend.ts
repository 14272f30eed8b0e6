import type { Backend } from '../backend.js';
import { UsageError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { MemoryPlan } from '../plan/memory-plan.js';
import { planMemory } from '../plan/plan-memory.js';
import { ReferenceExecutable } from './executable.js';
import { type Precision, ReferenceState } from './state.js';

/** The oracle: every op as a plain loop. Slow, and right. */
export class ReferenceBackend implements Backend {
  readonly name = 'reference';

  constructor(readonly precision: Precision) {}

  createState(): ReferenceState {
    return new ReferenceState(this.precision);
  }

  plan(graph: Graph): MemoryPlan {
    return planMemory(graph);
  }

  /** @throws UsageError for a state of another backend or precision */
  async compile(
    graph: Graph,
    { state }: { state: Parameters<Backend['compile']>[1]['state'] },
  ): Promise<ReferenceExecutable> {
    if (!(state instanceof ReferenceState) || state.precision !== this.precision)
      throw new UsageError(
        `the state must be one that this backend's createState() made, in ${this.precision}`,
      );
    return new ReferenceExecutable(graph, this.plan(graph), state);
  }

  async dispose(): Promise<void> {}
}

/**
 * The reference executor, which other backends are compared with. Kernels compute in double
 * precision; `precision` says what tensors are stored in between: `f32` as on a device, `f64` for
 * comparisons with finite differences and for telling rounding from error.
 *
 * @throws UsageError for another precision
 */
export function createReferenceBackend({
  precision = 'f32',
}: {
  precision?: Precision;
} = {}): ReferenceBackend {
  if (precision !== 'f32' && precision !== 'f64')
    throw new UsageError(`the reference backend computes in f32 or f64, not '${precision}'`);
  return new ReferenceBackend(precision);
}
