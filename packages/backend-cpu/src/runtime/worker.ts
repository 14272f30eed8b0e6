import { parentPort, workerData } from 'node:worker_threads';
import { Aborted, Barrier } from './barrier.js';
import type { Reply, Request, ThreadProgram, WorkerSetup } from './messages.js';
import { type Kernels, prepareStep } from './prepare-step.js';
import { unsharedAlias } from './unshared-alias.js';

/** One of the threads that run programs together: the same phases, each its own steps. */
const { memory, module, control, thread, threads } = workerData as WorkerSetup;
const barrier = new Barrier(control, threads);
const instance = new WebAssembly.Instance(module, {
  env: {
    memory,
    abort: () => {
      throw new Error('a kernel aborted');
    },
  },
});
const kernels = instance.exports as unknown as Kernels;
const programs = new Map<number, () => void>();
let alias = new ArrayBuffer(0);

function load({ id, phases, nodes, names, seconds }: ThreadProgram): void {
  if (alias.byteLength < memory.buffer.byteLength) alias = unsharedAlias(memory);
  const prepared = phases.map((steps) => steps.map((step) => prepareStep(step, kernels, alias)));
  programs.set(id, () => {
    barrier.reset();
    let at = 0;
    let before = performance.now();
    try {
      for (; at < prepared.length; at++) {
        for (const step of prepared[at]!) step();
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
  });
}

function answer(request: Request): Reply {
  try {
    if (request.kind === 'load') load(request.program);
    else if (request.kind === 'unload') programs.delete(request.id);
    else programs.get(request.id)!();
    return {};
  } catch (error) {
    if (error instanceof Aborted) return { aborted: true };
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort!.on('message', (request: Request) => {
  parentPort!.postMessage(answer(request));
});
