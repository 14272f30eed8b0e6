import {
  type Executable,
  type MemoryPlan,
  type OpTime,
  type RunOptions,
  type TensorData,
  UsageError,
} from '@sketchgrad/core';
import { checkInputs, opTimes, outputsToRead } from '@sketchgrad/core/backend';
import type { Commands } from './commands.js';
import { type Compiled, rangeOf } from './places.js';
import { type Refusals, refusable } from './refusals.js';
import { Staging } from './staging.js';
import { Timestamps, Timing } from './timing.js';
import { touchedBytes } from './touched.js';

type Inputs = Readonly<Record<string, TensorData>>;
type Read = ReturnType<typeof outputsToRead>;

/** A run that was submitted. */
interface Submitted {
  readonly staging: Staging;
  readonly timestamps: Timestamps | undefined;
  readonly refusals: Refusals;
}

/** A graph that a GPU runs in one submit. */
export class WebgpuExecutable implements Executable {
  readonly #compiled: Compiled;
  readonly #commands: Commands;
  readonly #timing: Timing;
  /** Positions of the schedule at which the device does something. */
  readonly #positions: readonly number[];
  readonly #touched: number;
  #disposed = false;

  constructor(compiled: Compiled, commands: Commands) {
    const { plan, device } = compiled;
    this.#compiled = compiled;
    this.#commands = commands;
    this.#timing = new Timing(plan.schedule.length);
    this.#positions = commands.nodes;
    this.#touched = touchedBytes(compiled, commands.ranges);
    device.add(this);
  }

  get plan(): MemoryPlan {
    return this.#compiled.plan;
  }

  async run(inputs: Inputs, options?: RunOptions): Promise<Record<string, TensorData>> {
    const { graph, device } = this.#compiled;
    this.#expectUsable();
    const read = outputsToRead(graph, options);
    checkInputs(graph, inputs);
    // What is asked for now and done at once is taken at the call.
    const given = device.turns.idle
      ? inputs
      : Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, data.slice()]));
    // The next run may be told to the device while this one is waited for.
    const submitted = device.take(async () => this.#submit(given, read));
    return device.finishing(submitted.then((run) => device.orLost(this.#results(run, read))));
  }

  measuredPeakBytes(): number {
    return this.#timing.runs > 0 ? this.#touched : 0;
  }

  async profile(): Promise<readonly OpTime[]> {
    return this.#compiled.device.take(async () =>
      opTimes(this.plan.schedule, this.#timing.seconds(), this.#timing.runs),
    );
  }

  async dispose(): Promise<void> {
    return this.#compiled.device.turns.take(async () => this.free());
  }

  free(): void {
    const { device } = this.#compiled;
    if (!this.#disposed) this.#commands.free();
    this.#disposed = true;
    device.remove(this);
    device.release();
  }

  async #submit(inputs: Inputs, read: Read): Promise<Submitted> {
    this.#expectUsable();
    const { gpu } = this.#compiled.device;
    const { made, refusals } = refusable(gpu, () => this.#tell(inputs, read));
    return { ...made, refusals };
  }

  #tell(inputs: Inputs, read: Read): Omit<Submitted, 'refusals'> {
    const { graph, plan, device } = this.#compiled;
    const { gpu, arena } = device;
    arena.ensure(plan.buffers);
    this.#commands.bind();
    this.#uploadConstants();
    for (const { name, value } of graph.inputs) {
      const { slot, offset } = rangeOf(this.#compiled, value);
      write(gpu, slot.buffer, offset, inputs[name]!);
    }
    const encoder = gpu.createCommandEncoder();
    const timestamps = this.#record(encoder);
    const outputs = read.map(([, value]) => rangeOf(this.#compiled, value));
    const { checks } = this.#commands;
    const found = checks.bytes > 0 ? [{ slot: checks, offset: 0, bytes: checks.bytes }] : [];
    const staging = new Staging(gpu, [...found, ...outputs]);
    staging.copy(encoder);
    gpu.queue.submit([encoder.finish()]);
    return { staging, timestamps };
  }

  /** @returns the passes' timestamps where this run is timed */
  #record(encoder: GPUCommandEncoder): Timestamps | undefined {
    const { gpu } = this.#compiled.device;
    const timed = this.#timing.begin() && gpu.features.has('timestamp-query');
    if (this.#positions.length === 0) return undefined;
    if (!timed) {
      const pass = encoder.beginComputePass();
      this.#commands.record(pass);
      pass.end();
      return undefined;
    }
    const timestamps = new Timestamps(gpu, this.#positions.length);
    for (const [at, position] of this.#positions.entries()) {
      const pass = encoder.beginComputePass({ timestampWrites: timestamps.of(at) });
      this.#commands.record(pass, position);
      pass.end();
    }
    timestamps.resolve(encoder);
    return timestamps;
  }

  async #results(
    { staging, timestamps, refusals }: Submitted,
    read: Read,
  ): Promise<Record<string, TensorData>> {
    const { checks } = this.#commands;
    try {
      const [parts, error] = await Promise.all([staging.read(), refusals]);
      if (error) throw error;
      if (timestamps) this.#timing.add(this.#positions, await timestamps.read());
      const outputs = checks.bytes > 0 ? parts.slice(1) : parts;
      if (checks.bytes > 0) checks.expectFine(parts[0]!);
      return Object.fromEntries(
        read.map(([name, { dtype }], at) => {
          const bytes = outputs[at]!;
          return [name, dtype === 'i32' ? new Int32Array(bytes) : new Float32Array(bytes)];
        }),
      );
    } finally {
      staging.free();
      timestamps?.free();
    }
  }

  /** Once, while nothing else of the backend has run since. */
  #uploadConstants(): void {
    const { plan, device } = this.#compiled;
    const { arena, gpu } = device;
    if (arena.resident === this) return;
    for (const { value, data } of plan.constants) {
      const { slot, offset } = rangeOf(this.#compiled, value);
      write(gpu, slot.buffer, offset, data);
    }
    arena.resident = this;
  }

  /** @throws UsageError once it, its state or its backend is disposed of */
  #expectUsable(): void {
    if (this.#disposed) throw new UsageError('the executable was disposed of');
    this.#compiled.device.expectUsable();
    this.#compiled.state.expectUsable();
  }
}

function write(gpu: GPUDevice, buffer: GPUBuffer, offset: number, data: TensorData): void {
  if (data.length > 0) gpu.queue.writeBuffer(buffer, offset, data as GPUAllowSharedBufferSource);
}
