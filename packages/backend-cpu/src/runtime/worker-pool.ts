import { Worker } from 'node:worker_threads';
import { BackendError, DeviceLostError } from '@sketchgrad/core';
import { CONTROL } from './barrier.js';
import type { Reply, Request, ThreadProgram, WorkerSetup } from './messages.js';

/** A worker and those who wait for its answers, in order. */
interface Member {
  readonly worker: Worker;
  readonly waiting: { resolve(reply: Reply): void; reject(error: Error): void }[];
  /** Once it runs, or has ended. */
  readonly started: Promise<void>;
}

/** The worker threads that share one WebAssembly memory and run programs together. */
export class WorkerPool {
  readonly #members: Member[];
  readonly #control = new Int32Array(
    new SharedArrayBuffer(CONTROL.words * Int32Array.BYTES_PER_ELEMENT),
  );
  #failure: Error | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(memory: WebAssembly.Memory, module: WebAssembly.Module, threads: number) {
    this.#members = Array.from({ length: threads }, (_, thread) => {
      const workerData: WorkerSetup = { memory, module, control: this.#control, thread, threads };
      const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData });
      const waiting: Member['waiting'] = [];
      // Koffi ends the process when a thread that loads it is stopped, so that nothing stops one before its
      // first message, which says that it runs: no other thread's end, and not the end of the program,
      // which stays alive as long.
      const started = new Promise<void>((resolve) => {
        worker.once('message', () => {
          worker.on('message', (reply: Reply) => waiting.shift()?.resolve(reply));
          // Then only work under way keeps the process alive.
          worker.unref();
          resolve();
        });
        worker.once('exit', () => resolve());
      });
      const member: Member = { worker, waiting, started };
      worker.on('error', (error) => this.#fail(error));
      worker.on('exit', (code) => this.#fail(new Error(`a worker thread ended (code ${code})`)));
      return member;
    });
  }

  get threads(): number {
    return this.#members.length;
  }

  load(program: (thread: number) => ThreadProgram): Promise<void> {
    return this.#ask((thread) => ({ kind: 'load', program: program(thread) }));
  }

  /** Frees a program; nothing where the workers have ended, and it with them. */
  async unload(id: number): Promise<void> {
    if (!this.#failure) await this.#ask(() => ({ kind: 'unload', id }));
  }

  run(id: number): Promise<void> {
    return this.#ask(() => ({ kind: 'run', id }));
  }

  async dispose(): Promise<void> {
    this.#failure ??= new Error('the backend was disposed');
    await this.#allStarted();
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()));
  }

  /**
   * Asks all workers, after all that was asked before.
   * @throws BackendError with the first failure; DeviceLostError where a worker has ended
   */
  #ask(request: (thread: number) => Request): Promise<void> {
    const answered = this.#queue.then(() => this.#askNow(request));
    this.#queue = answered.catch(() => undefined);
    return answered;
  }

  async #askNow(request: (thread: number) => Request): Promise<void> {
    await this.#allStarted();
    if (this.#failure) throw lost(this.#failure);
    this.#control.fill(0);
    const replies = await Promise.all(
      this.#members.map(({ worker, waiting }, thread) => {
        worker.ref();
        const reply = new Promise<Reply>((resolve, reject) => waiting.push({ resolve, reject }));
        worker.postMessage(request(thread));
        return reply.finally(() => worker.unref());
      }),
    );
    const failed = replies.find(({ error }) => error !== undefined);
    if (failed) throw new BackendError(failed.error!);
  }

  async #allStarted(): Promise<void> {
    await Promise.all(this.#members.map(({ started }) => started));
  }

  #fail(cause: Error): void {
    this.#failure ??= cause;
    const error = lost(cause);
    for (const { waiting } of this.#members)
      for (const { reject } of waiting.splice(0)) reject(error);
  }
}

const lost = (cause: Error): DeviceLostError =>
  new DeviceLostError(`the CPU backend stopped: ${cause.message}`, { cause });
