import { checkFunction } from './checks/check-members.js';
import { checkOptions } from './checks/check-options.js';
import { BackendError } from './errors.js';
import type { Backend } from './execution/contract.js';
import { warn } from './warn.js';

/** A backend by its name, and what it is made with. */
interface Candidate {
  readonly source: string;
  readonly platform?: string;
}

/**
 * What is tried, in this order: a GPU through TensorFlow; sketchgrad's own backend for CPUs; a page's GPU; then
 * what TensorFlow.js has for CPUs.
 */
const ORDER: readonly Candidate[] = [
  { source: 'tfjs', platform: 'node-gpu' },
  { source: 'cpu' },
  ...['webgpu', 'webgl', 'node', 'wasm'].map((platform) => ({ source: 'tfjs', platform })),
];

/** How the backend is chosen that is loaded as `auto`. */
export interface AutomaticOptions {
  /** Told, in a line, what was taken and why not what comes before it; a warning unless given. */
  readonly onChoice?: (line: string) => void;
}

const nameOf = ({ source, platform }: Candidate): string =>
  platform === undefined ? source : `${source}:${platform}`;

/**
 * The first backend of {@link ORDER} that is there and starts.
 * @throws BackendError, with what each wants, where there is none
 */
export async function automaticBackend(
  options: AutomaticOptions,
  load: (source: string, options: Readonly<Record<string, unknown>>) => Promise<Backend>,
): Promise<Backend> {
  checkOptions("the backend 'auto'", options, { onChoice: checkFunction });
  const passed: string[] = [];
  for (const candidate of ORDER) {
    const { source, platform } = candidate;
    let backend: Backend;
    try {
      backend = await load(source, platform === undefined ? {} : { platform });
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      passed.push(`${nameOf(candidate)}: ${error.message}`);
      continue;
    }
    const why = passed.length === 0 ? '' : `; not ${passed.join('; not ')}`;
    (options.onChoice ?? warn)(`the backend is ${nameOf(candidate)}${why}`);
    return backend;
  }
  throw new BackendError(`there is no backend here: ${passed.join('; ')}`);
}
