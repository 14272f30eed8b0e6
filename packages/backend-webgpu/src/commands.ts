import { BackendError, type Node, type Value } from '@sketchgrad/core';
import { bindingsOf } from './bindings.js';
import { Checks } from './checks.js';
import { COPY_DESTINATION, UNIFORM } from './gpu-flags.js';
import { sourceOf } from './kernel.js';
import type { Dispatch, Operand, Range } from './lowering.js';
import { lowerings } from './lowerings/index.js';
import { ShaderError } from './pipelines.js';
import { type Compiled, rangeOf, scratchOf } from './places.js';
import { uniformBytes, writeUniforms } from './uniforms.js';

/** A program, and what it is bound to but for buffers of the arena, which may change. */
interface Command {
  readonly node: number;
  readonly pipeline: GPUComputePipeline;
  readonly ranges: readonly Range[];
  readonly uniforms: { readonly offset: number; readonly size: number };
  readonly groups: number;
}

/** Workgroups that there may be in one direction. */
const MOST_GROUPS = 65_535;

/** Arrays are bound in whole vectors, which the alignment leaves room for. */
const VECTOR_BYTES = 16;

/** What a schedule tells the device, made once. */
export class Commands {
  #bindGroups: readonly GPUBindGroup[] = [];
  #version = -1;

  private constructor(
    private readonly compiled: Compiled,
    private readonly commands: readonly Command[],
    private readonly uniforms: GPUBuffer,
    readonly checks: Checks,
  ) {}

  /** @throws BackendError for an op without a lowering, or a program that does not compile */
  static async of(compiled: Compiled): Promise<Commands> {
    const { plan, device } = compiled;
    const checks = new Checks(device);
    const dispatches = plan.schedule.flatMap((node, at) =>
      dispatchesOf(compiled, node, checks)
        .filter(({ groups }) => groups > 0)
        .map((dispatch) => ({ dispatch, node, at })),
    );
    const { minUniformBufferOffsetAlignment: step } = device.gpu.limits;
    const offsets: number[] = [];
    let size = 0;
    for (const { dispatch } of dispatches) {
      offsets.push(size);
      size += Math.ceil(uniformBytes(dispatch.kernel) / step) * step;
    }
    const words = new DataView(new ArrayBuffer(Math.max(size, step)));
    const uniforms = device.gpu.createBuffer({
      label: 'uniforms',
      size: words.byteLength,
      usage: UNIFORM | COPY_DESTINATION,
    });
    try {
      const commands = dispatches.map(async ({ dispatch, node, at }, index) => {
        const { kernel, groups } = dispatch;
        const offset = offsets[index]!;
        writeUniforms(words, offset, kernel, { groups, values: dispatch.uniforms });
        const { names, ranges } = bindingsOf(dispatch, (operand, which) =>
          operandRange(compiled, dispatch.operands[operand], which),
        );
        const source = sourceOf(kernel, names);
        const pipeline = await device.pipelines
          .get(kernel.name, source, ranges.length)
          .catch((error: unknown) => {
            throw error instanceof ShaderError ? error.of(node) : error;
          });
        const command: Command = {
          ...{ node: at, pipeline, ranges, groups },
          uniforms: { offset, size: uniformBytes(kernel) },
        };
        return command;
      });
      const made = await Promise.all(commands);
      device.gpu.queue.writeBuffer(uniforms, 0, words.buffer);
      return new Commands(compiled, made, uniforms, checks);
    } catch (error) {
      uniforms.destroy();
      checks.free();
      throw error;
    }
  }

  /** Positions in the schedule at which the device does something, in their order. */
  get nodes(): readonly number[] {
    return [...new Set(this.commands.map(({ node }) => node))];
  }

  /** Every range that a program works on. */
  get ranges(): readonly Range[] {
    return this.commands.flatMap(({ ranges }) => ranges);
  }

  /** Binds programs to the arena's buffers as they are now. */
  bind(): void {
    const { device } = this.compiled;
    if (this.#version === device.arena.version) return;
    this.#bindGroups = this.commands.map(({ ranges, uniforms }) =>
      device.gpu.createBindGroup({
        layout: device.pipelines.layout(ranges.length),
        entries: [
          { binding: 0, resource: { buffer: this.uniforms, ...uniforms } },
          ...ranges.map(({ slot, offset, bytes }, index) => ({
            binding: index + 1,
            resource: {
              buffer: slot.buffer,
              offset,
              size: Math.ceil(bytes / VECTOR_BYTES) * VECTOR_BYTES,
            },
          })),
        ],
      }),
    );
    this.#version = device.arena.version;
  }

  /** Has a pass do what a position of the schedule does, or all of them. */
  record(pass: GPUComputePassEncoder, node?: number): void {
    let before: GPUComputePipeline | undefined;
    for (const [index, { pipeline, groups, node: at }] of this.commands.entries()) {
      if (node !== undefined && node !== at) continue;
      if (pipeline !== before) pass.setPipeline(pipeline);
      before = pipeline;
      pass.setBindGroup(0, this.#bindGroups[index]!);
      pass.dispatchWorkgroups(Math.min(groups, MOST_GROUPS), Math.ceil(groups / MOST_GROUPS));
    }
  }

  free(): void {
    this.uniforms.destroy();
    this.checks.free();
  }
}

/** What a node has the device do. */
function dispatchesOf(compiled: Compiled, node: Node, checks: Checks): readonly Dispatch[] {
  const { device } = compiled;
  const lowering = lowerings.get(node.op.name)!;
  const { abilities } = device;
  const scratch = scratchOf(compiled, node, lowering.scratch?.(node, abilities) ?? []);
  const table = device.table.bind(device);
  return lowering
    .lower(node, { abilities, scratch, table })
    .flatMap((step) => ('check' in step ? checks.add(step) : step));
}

function operandRange(compiled: Compiled, operand: Operand, index: number): Range {
  const { device } = compiled;
  if (operand === undefined) return device.nothing(index);
  const range = 'slot' in operand ? operand : rangeOf(compiled, operand as Value);
  return range.bytes === 0 ? device.nothing(index) : range;
}

/** @throws BackendError for an op that is not run, with its name */
export function expectLowerings(schedule: readonly Node[]): void {
  for (const { op, scope } of schedule)
    if (!lowerings.has(op.name))
      throw new BackendError(
        `the webgpu backend has no lowering for the op '${op.name}'${scope ? ` in ${scope}` : ''}`,
      );
}
