import { checkText } from '../checks/check-members.js';
import { describeValue } from '../checks/describe-value.js';
import { nearName } from '../checks/near-name.js';
import { BackendError, UsageError } from '../errors.js';
import type { Backend, BackendModule } from './contract.js';

/** Backends that sketchgrad publishes, and the package of each. */
const PACKAGES: ReadonlyMap<string, string> = new Map([['cpu', '@sketchgrad/backend-cpu']]);

/** Where a backend comes from: a name, a module that exports one, or a function that imports it. */
export type BackendSource = string | BackendModule | (() => Promise<BackendModule>);

/**
 * Loads a backend: `cpu`; `reference`, which is built in, slow, and takes `precision`, `f32` or `f64`;
 * the name of a package that exports `createBackend`; or such a module, or a function that imports
 * one, which a bundler can follow: `loadBackend(() => import('@sketchgrad/backend-cpu'))`.
 *
 * @throws UsageError for a source that is none of these; BackendError, with what to install, when the
 * package is not there, or for a module that exports no backend
 */
export async function loadBackend(
  source: BackendSource,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Backend> {
  if (source === 'reference') {
    const { createReferenceBackend } = await import('../reference/index.js');
    return createReferenceBackend(options);
  }
  if (typeof source === 'function') return created('the imported module', await source(), options);
  if (typeof source === 'object' && source !== null) return created('the module', source, options);
  checkText('the name of a backend', source);
  const specifier = PACKAGES.get(source) ?? (/[/@]/.test(source) ? source : undefined);
  if (!specifier)
    throw new UsageError(
      `there is no backend '${source}'${nearName(source, [...PACKAGES.keys(), 'reference'])}; known: ${[...PACKAGES.keys(), 'reference'].join(', ')}, or a package's name`,
    );
  const module = await importFromCaller(specifier);
  if (!module)
    throw new BackendError(
      `the backend '${source}' is not installed; add it with: npm install ${specifier}`,
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

/**
 * Imports an optional package: as this module sees it, or, where installers keep packages apart, as
 * the running program or the working directory does. `undefined` when none of them has it.
 */
async function importFromCaller(specifier: string): Promise<Partial<BackendModule> | undefined> {
  try {
    return (await import(specifier)) as Partial<BackendModule>;
  } catch (error) {
    if (!isMissing(error, specifier)) throw error;
  }
  if (typeof process === 'undefined' || !process.versions?.node) return undefined;
  const { createRequire } = await import('node:module');
  const { pathToFileURL } = await import('node:url');
  const { realpathSync } = await import('node:fs');
  const program = process.argv[1];
  const bases = [...(program ? [realpathSync(program)] : []), `${process.cwd()}/`];
  for (const base of bases) {
    let found: string;
    try {
      found = createRequire(base).resolve(specifier);
    } catch (error) {
      if (!isMissing(error, specifier)) throw error;
      continue;
    }
    return (await import(pathToFileURL(found).href)) as Partial<BackendModule>;
  }
  return undefined;
}

const isMissing = (error: unknown, specifier: string): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') &&
  error.message.includes(`'${specifier}'`);
