import { parentPort, workerData } from 'node:worker_threads';
import koffi from 'koffi';
import { Aborted, Barrier } from './barrier.js';
import type { Reply, Request, ThreadProgram, WorkerSetup } from './messages.js';
import { type Kernels, type PreparedStep, prepareStep } from './prepare-step.js';
import { productsAt } from './products-of-kernels.js';

/** One of the threads that run programs together: the same phases, each its own steps. */
const { memory, module, control, thread, threads } = workerData as WorkerSetup;
const barrier = new Barrier(control, threads);
/** A shared memory grows in place: its address stays. */
const base = koffi.address(new Uint8Array(memory.buffer)) as bigint;
const instance = new WebAssembly.Instance(module, {
  env: {
    memory,
    product: productsAt(base),
    abort: () => {
      throw new Error('a kernel aborted');
    },
  },
});
const kernels = instance.exports as unknown as Kernels;

/** A program as this thread runs it. */
interface LoadedProgram {
  run(): void;
  release(): void;
}

const programs = new Map<number, LoadedProgram>();

function load({ id, phases, nodes, names, seconds, host }: ThreadProgram): void {
  unload(id);
  const context = { kernels, base, memory, host };
  const prepared: PreparedStep[][] = phases.map((steps) =>
    steps.map((step) => prepareStep(step, context)),
  );
  const release = () => {
    for (const step of prepared.flat()) step.release();
  };
  const run = () => {
    barrier.reset();
    let at = 0;
    let before = performance.now();
    try {
      for (; at < prepared.length; at++) {
        for (const step of prepared[at]!) step.run();
        barrier.meet();
        if (thread === 0) {
          const now = performance.now();
          seconds[nodes[at]!]! += (now - before) / 1000;
          before = now;
        }
      }
    } catch (error) {
      barrier.abort();
      if (error instanceof Aborted) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`${names[nodes[at]!]}: ${message}`, { cause: error });
    }
  };
  programs.set(id, { run, release });
}

function unload(id: number): void {
  programs.get(id)?.release();
  programs.delete(id);
}

function answer(request: Request): Reply {
  try {
    if (request.kind === 'load') load(request.program);
    else if (request.kind === 'unload') unload(request.id);
    else programs.get(request.id)!.run();
    return {};
  } catch (error) {
    if (error instanceof Aborted) return { aborted: true };
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort!.on('message', (request: Request) => {
  parentPort!.postMessage(answer(request));
});

const running: Reply = {};
parentPort!.postMessage(running);
