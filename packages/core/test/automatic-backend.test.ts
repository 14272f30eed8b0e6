import { describe, expect, it } from 'vitest';
import { automaticBackend } from '../src/automatic-backend.js';
import { BackendError, loadBackend, UsageError } from '../src/index.js';

/** Loads the reference in the place of those that are there; tells what was asked for. */
const among = (there: readonly string[]) => {
  const asked: string[] = [];
  const load = async (source: string, { platform }: { readonly platform?: string }) => {
    const name = platform ? `${source}:${platform}` : source;
    asked.push(name);
    if (!there.includes(name)) throw new BackendError(`${name} is not installed`);
    return loadBackend('reference');
  };
  return { asked, load };
};

describe("the backend 'auto'", () => {
  it('is the first that starts, and says why not those before it', async () => {
    const { asked, load } = among(['cpu', 'tfjs:wasm']);
    const lines: string[] = [];
    await automaticBackend({ onChoice: (line) => lines.push(line) }, load);
    expect(asked).toEqual(['tfjs:node-gpu', 'cpu']);
    expect(lines).toEqual([
      'the backend is cpu; not tfjs:node-gpu: tfjs:node-gpu is not installed',
    ]);
  });

  it('goes on to what a page has, and to what TensorFlow.js has for CPUs', async () => {
    const { asked, load } = among([]);
    await expect(automaticBackend({}, load)).rejects.toThrow(
      /^there is no backend here: tfjs:node-gpu: .*; cpu: .*; tfjs:wasm: tfjs:wasm is not installed$/,
    );
    expect(asked).toEqual([
      ...['tfjs:node-gpu', 'cpu', 'tfjs:webgpu', 'tfjs:webgl', 'tfjs:node', 'tfjs:wasm'],
    ]);
  });

  it('passes on what is no missing or broken backend', async () => {
    const load = () => Promise.reject(new TypeError('a fault'));
    await expect(automaticBackend({}, load)).rejects.toThrow(TypeError);
  });

  it('takes onChoice alone', async () => {
    await expect(loadBackend('auto', { platform: 'wasm' })).rejects.toThrow(UsageError);
  });
});
