// The README's library example, found and turned into JavaScript.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../../command.mjs';

const marker = '<!-- example -->';

/**
 * The first TypeScript block that follows the marker `<!-- example -->`.
 * @param {string} readme
 * @returns {{ source: string, problem?: undefined } | { source?: undefined, problem: string }}
 */
export function readmeExample(readme) {
  const [, ...after] = readme.split(marker);
  if (after.length === 0) {
    return { problem: `README.md has no example: put ${marker} above its \`\`\`ts block` };
  }
  const block = /^\s*```ts\n([\s\S]*?)\n```/.exec(after[0] ?? '')?.[1];
  if (!block?.trim()) {
    return { problem: `README.md has ${marker}, but no \`\`\`ts block with code right after it` };
  }
  return { source: block };
}

/** The example of this repository's README. */
export function exampleOfReadme() {
  const readme = join(root, 'README.md');
  return readmeExample(existsSync(readme) ? readFileSync(readme, 'utf8') : '');
}

/**
 * The example without its types, everything else as written.
 * @param {string} source TypeScript
 */
export function withoutTypes(source) {
  return ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  }).outputText;
}
