import { ShapeError, UsageError } from '../errors.js';
import type { Constant, GraphInput, Persistent } from './graph.js';
import { makeNode, type Node, type Stage } from './node.js';
import type { OpDefinition } from './op.js';
import { formatType, type TensorType } from './types.js';
import type { Value } from './value.js';

/** The graph that is being built. */
class Tracer {
  readonly nodes: Node[] = [];
  readonly inputs: GraphInput[] = [];
  readonly persistents = new Map<string, Persistent>();
  readonly constants: Constant[] = [];
  readonly observed = new Map<string, Value>();
  readonly scopes: string[] = [];
  stage: Stage = 'forward';
  stream = 0;
  nextId = 0;
  block: number | undefined;
  nextBlock = 0;
  rebuildable = false;
  /** Of what is traced within `once`, what nodes are made of, and what they make. */
  once: Map<string, readonly Value[]> | undefined;
  /** Inputs that are tensors of the state instead, by name. */
  data: ReadonlyMap<string, string> = new Map();
  /** Those of them that were declared. */
  readonly dataRead = new Set<string>();

  leaf(op: OpDefinition, type: TensorType, name: string): Value {
    return this.append(op, [], [type], { attributes: { name } })[0]!;
  }

  append(
    op: OpDefinition,
    inputs: readonly Value[],
    types: readonly TensorType[],
    of: Pick<Node, 'attributes' | 'vjp'>,
  ): readonly Value[] {
    for (const type of types)
      if (!type.shape.every((size) => Number.isSafeInteger(size) && size >= 0))
        throw new ShapeError(
          `${String(of.attributes.name ?? op.name)}: sizes must be whole numbers ≥ 0, not ${formatType(type)}`,
        );
    const node = makeNode(
      {
        ...{ id: this.nextId++, op, ...of, inputs },
        ...{ scope: this.scopes.join('.'), stage: this.stage },
        ...(this.block === undefined ? {} : { block: this.block }),
        ...(this.rebuildable ? { rebuildable: true } : {}),
      },
      types,
    );
    this.nodes.push(node);
    return node.outputs;
  }
}

let current: Tracer | undefined;

/** @throws UsageError outside of a trace */
export function tracer(): Tracer {
  if (!current) throw new UsageError('ops build a graph: call them inside trace(() => …)');
  return current;
}

/** Runs `build` with a tracer of its own. @throws UsageError within another trace */
export function withTracer<T>(build: (tracer: Tracer) => T): T {
  if (current) throw new UsageError('trace() was called inside another trace()');
  current = new Tracer();
  try {
    return build(current);
  } finally {
    current = undefined;
  }
}
