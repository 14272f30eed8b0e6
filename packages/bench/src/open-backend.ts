import { type Backend, checkMembers, loadBackend, type ObjectKind } from '@sketchgrad/core';

/** What computes. */
export interface BackendOptions {
  /**
   * A backend's name, or that of its package; of TensorFlow.js with its platform behind it, `tfjs:wasm`; `auto`
   * for the first that starts.
   */
  readonly backend: string;
  /** One a core unless given. */
  readonly threads?: number | undefined;
}

/** The first backend that starts. */
const AUTOMATIC = 'auto';

/** What stands before a platform of TensorFlow.js. */
const TENSORFLOW = 'tfjs:';

const BACKEND: ObjectKind = { accepted: "{ backend: 'cpu' }", members: { backend: 'string' } };

/** The backend that is asked for. @throws UsageError for what names none; what `loadBackend` throws */
export async function openBackend(options: BackendOptions): Promise<Backend> {
  checkMembers('what computes', options, BACKEND);
  const { backend, threads } = options;
  if (backend === AUTOMATIC) return loadBackend(backend);
  const ofThreads = threads === undefined ? {} : { threads };
  if (!backend.startsWith(TENSORFLOW)) return loadBackend(backend, ofThreads);
  return loadBackend('tfjs', { platform: backend.slice(TENSORFLOW.length), ...ofThreads });
}

/**
 * What a run's numbers depend on of a backend: its name, and its settings, such as how many threads it has
 * where nobody said.
 * @throws what `loadBackend` throws
 */
export async function backendSettings(
  options: BackendOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const backend = await openBackend(options);
  await backend.dispose();
  return { backend: backend.name, ...backend.settings };
}
