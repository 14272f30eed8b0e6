// Runs in the page of page.test.ts.

import { BackendError, loadBackend } from '@sketchgrad/core';
import { predictionsOf } from './work.js';

export { sketchBits, tinyRun } from './work.js';

const file = (name: string) => fetch(`/files/${name}`);
const bytes = async (name: string) => new Uint8Array(await (await file(name)).arrayBuffer());

export const miniLm = async () =>
  predictionsOf({
    config: await bytes('config.json'),
    weights: await (await file('model.safetensors')).blob(),
    tokenizer: { 'tokenizer.json': await bytes('tokenizer.json') },
  });

export async function byName() {
  try {
    await loadBackend('cpu');
    return 'it was loaded';
  } catch (error) {
    return `${error instanceof BackendError}: ${(error as Error).message}`;
  }
}
