import { importPackage } from '#platform';
import { checkText } from './checks/check-members.js';
import { describeValue } from './checks/describe-value.js';
import { isPath } from './checks/is-path.js';
import { nearName } from './checks/near-name.js';
import { BackendError, UsageError } from './errors.js';
import type { Backend, BackendModule } from './execution/contract.js';

/** Backends that sketchgrad publishes, and the package of each. */
const PACKAGES: ReadonlyMap<string, string> = new Map([
  ['cpu', '@sketchgrad/backend-cpu'],
  ['tfjs', '@sketchgrad/backend-tfjs'],
  ['webgpu', '@sketchgrad/backend-webgpu'],
]);

/** What is not a package's name. */
const NAMES: readonly string[] = [...PACKAGES.keys(), 'reference', 'auto'];

/** Where a backend comes from: a name, a module that exports one, or a function that imports it. */
export type BackendSource = string | BackendModule | (() => Promise<BackendModule>);

/**
 * Loads a backend: `cpu`; `tfjs`, TensorFlow.js, which takes `platform`; `webgpu`, a GPU; `reference`, which is built in, slow,
 * and takes `precision`, `f32` or `f64`; `auto`, the first that starts of `tfjs` on `node-gpu`, `cpu`, and `tfjs` on
 * `webgpu`, `webgl`, `node` and `wasm`, which takes `onChoice` and tells it what was taken and why;
 * the name of a package that exports `createBackend`, or a file's path (`./backend.js`); or such a
 * module, or a function that imports one, which a bundler can follow:
 * `loadBackend(() => import('@sketchgrad/backend-cpu'))`. In Node a package is looked for beside core,
 * beside the running program and in the working directory.
 *
 * @throws UsageError for a source that is none of these; BackendError, with what to install, when the
 * package is not there, or for a module that exports no backend
 */
export async function loadBackend(
  source: BackendSource,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Backend> {
  if (source === 'reference') {
    const { createReferenceBackend } = await import('./reference/index.js');
    return createReferenceBackend(options);
  }
  if (source === 'auto') {
    // Few ask for it: a page that does not is the smaller.
    const { automaticBackend } = await import('./automatic-backend.js');
    return automaticBackend(options, loadBackend);
  }
  if (typeof source === 'function') return created('the imported module', await source(), options);
  if (typeof source === 'object' && source !== null) return created('the module', source, options);
  checkText('the name of a backend', source);
  const specifier = PACKAGES.get(source) ?? (/[/@]/.test(source) ? source : undefined);
  if (!specifier)
    throw new UsageError(
      `there is no backend '${source}'${nearName(source, NAMES)}; known: ${NAMES.join(', ')}, or a package's name`,
    );
  const module: Partial<BackendModule> | undefined = await importPackage(specifier);
  if (!module && isPath(specifier))
    throw new BackendError(`there is no file '${specifier}' to load a backend from`);
  if (!module)
    throw new BackendError(
      `the backend '${source}' is not installed; add it with: npm install ${specifier}; where it is part of a bundle, hand it in: loadBackend(() => import('${specifier}'))`,
    );
  return created(specifier, module, options);
}

function created(
  what: string,
  module: Partial<BackendModule>,
  options: Readonly<Record<string, unknown>>,
): Promise<Backend> {
  if (typeof module?.createBackend === 'function') return module.createBackend(options);
  throw new BackendError(
    `${what} is no backend: it exports no createBackend(), but is ${describeValue(module)}`,
  );
}
