import { Worker } from 'node:worker_threads';
import { DeviceLostError, input, loadBackend, scale, trace } from '@sketchgrad/core';
import { expect, it, vi } from 'vitest';

it('a worker thread that ends is a device that is lost, and all that comes after is told', async () => {
  const workers = new Set<Worker>();
  const postMessage = Worker.prototype.postMessage;
  const watched = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (
    this: Worker,
    ...message: Parameters<typeof postMessage>
  ) {
    workers.add(this);
    return postMessage.apply(this, message);
  });
  try {
    const backend = await loadBackend('cpu', { threads: 2 });
    const state = backend.createState();
    const graph = trace(() => ({ y: scale(input('x', [2]), 2) }));
    const executable = await backend.compile(graph, { state });
    const inputs = { x: Float32Array.of(1, 2) };
    expect(await executable.run(inputs)).toEqual({ y: Float32Array.of(2, 4) });
    expect(workers.size).toBe(2);
    await [...workers][0]!.terminate();
    for (const run of [executable.run(inputs), executable.run(inputs)]) {
      await expect(run).rejects.toBeInstanceOf(DeviceLostError);
      await expect(run).rejects.toThrow(/the CPU backend stopped: a worker thread ended/);
    }
    await executable.dispose();
    await state.dispose();
    await backend.dispose();
  } finally {
    watched.mockRestore();
  }
});
