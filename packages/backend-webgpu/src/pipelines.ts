import { BackendError, formatType, type Node } from '@sketchgrad/core';
import { COMPUTE } from './gpu-flags.js';

const known = new WeakMap<GPUDevice, Pipelines>();

/** A device's programs, which all backends on it share. */
export function pipelinesOf(device: GPUDevice): Pipelines {
  const pipelines = known.get(device) ?? new Pipelines(device);
  known.set(device, pipelines);
  return pipelines;
}

/** A device's programs, each compiled once, by their source. */
export class Pipelines {
  readonly #made = new Map<string, Promise<GPUComputePipeline>>();
  readonly #layouts = new Map<number, GPUBindGroupLayout>();

  constructor(private readonly device: GPUDevice) {}

  /** How many there are. */
  get count(): number {
    return this.#made.size;
  }

  /**
   * The program of a source, with so many arrays.
   * @throws BackendError where it does not compile, with the op that wants it and the line
   */
  get(name: string, source: string, arrays: number): Promise<GPUComputePipeline> {
    const known = this.#made.get(source);
    if (known) return known;
    const made = this.#compile(name, source, arrays);
    this.#made.set(source, made);
    // What failed for a reason of the moment is tried again.
    made.catch(() => this.#made.delete(source));
    return made;
  }

  /** Where a program with so many arrays takes its uniforms and its arrays from. */
  layout(arrays: number): GPUBindGroupLayout {
    const known = this.#layouts.get(arrays);
    if (known) return known;
    const layout = this.device.createBindGroupLayout({
      entries: Array.from({ length: arrays + 1 }, (_, binding) => ({
        binding,
        visibility: COMPUTE,
        buffer: { type: binding === 0 ? ('uniform' as const) : ('storage' as const) },
      })),
    });
    this.#layouts.set(arrays, layout);
    return layout;
  }

  async #compile(name: string, source: string, arrays: number): Promise<GPUComputePipeline> {
    const { device } = this;
    // What is wrong is in the promise and in the compiler's messages; the scope keeps it from being said twice.
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ label: name, code: source });
    const scope = device.popErrorScope();
    const layout = device.createPipelineLayout({ bindGroupLayouts: [this.layout(arrays)] });
    try {
      return await device.createComputePipelineAsync({
        label: name,
        layout,
        compute: { module, entryPoint: 'main' },
      });
    } catch (cause) {
      const { messages } = await module.getCompilationInfo();
      const lines = source.split('\n');
      const said = messages
        .filter(({ type }) => type === 'error')
        .map(
          ({ lineNum, message }) =>
            `line ${lineNum}: ${message.split('\n')[0]}: ${lines[lineNum - 1]?.trim() ?? ''}`,
        );
      throw new ShaderError(name, said.length > 0 ? said : [(cause as Error).message], cause);
    } finally {
      await scope;
    }
  }
}

/** A program that does not compile, whichever op wants it. */
export class ShaderError extends Error {
  constructor(
    readonly kernel: string,
    readonly lines: readonly string[],
    override readonly cause: unknown,
  ) {
    super(`the shader '${kernel}' does not compile: ${lines.join('; ')}`);
  }

  /** The error with the op that wants it. */
  of({ op, inputs, scope }: Node): BackendError {
    const types = inputs.map(formatType).join(', ');
    const place = scope ? ` in ${scope}` : '';
    return new BackendError(`${op.name} of ${types}${place}: ${this.message}`, {
      cause: this.cause,
    });
  }
}
