// No circle of folders within a package: of what stands side by side, files and folders, none imports
// another that imports it in turn, be it by way of others, unless all of them are files. Types count.

import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ts from 'typescript';
import { sourceFiles } from './dependency-rule.mjs';
import { findPackages } from './workspace.mjs';

/**
 * Every breach of the rule, each a sentence that names the package and the circle.
 * @param {string} root the repository's root, or a tree made like it
 * @returns {string[]}
 */
export function circleBreaches(root) {
  return findPackages(root).flatMap(({ folder, location }) =>
    circlesOf(join(folder, 'src')).map(
      ({ members, imports }) =>
        `${location}/src: these import each other: ${members.join(' ↔ ')}; by ${imports.slice(0, 6).join(', ')}`,
    ),
  );
}

/**
 * @param {string} src a package's sources
 * @returns {{ members: string[], imports: string[] }[]} members as paths from `src`, folders with a slash
 */
function circlesOf(src) {
  const files = sourceFiles(src).map((file) => posix(relative(src, file)));
  const known = new Set(files);
  const imports = files.flatMap((file) =>
    ts
      .preProcessFile(readFileSync(join(src, file), 'utf8'), true, true)
      .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
      .map(({ fileName }) => posix(relative(src, join(src, dirname(file), fileName))))
      .map((target) => target.replace(/\.js$/, '.ts'))
      .filter((target) => known.has(target))
      .map((target) => /** @type {const} */ ([file, target])),
  );
  return levels(files).flatMap((level) => circlesAt(level, imports));
}

/**
 * @param {string} level a folder, '' for the sources' own
 * @param {readonly (readonly [from: string, to: string])[]} imports
 */
function circlesAt(level, imports) {
  /** @type {Map<string, Map<string, string>>} */
  const edges = new Map();
  for (const [from, to] of imports) {
    const [a, b] = [childAt(level, from), childAt(level, to)];
    if (a === undefined || b === undefined || a === b) continue;
    const targets = edges.get(a) ?? new Map();
    edges.set(a, targets);
    if (!targets.has(b)) targets.set(b, `${from} → ${to}`);
  }
  /** @param {string} from @param {Set<string>} seen */
  const reach = (from, seen = new Set()) => {
    for (const next of edges.get(from)?.keys() ?? [])
      if (!seen.has(next)) {
        seen.add(next);
        reach(next, seen);
      }
    return seen;
  };
  const reached = new Map([...edges.keys()].map((child) => [child, reach(child)]));
  /** @type {Set<string>} */
  const done = new Set();
  const circles = [];
  for (const child of [...edges.keys()].sort()) {
    if (done.has(child) || !reached.get(child)?.has(child)) continue;
    const members = [...edges.keys()]
      .filter((other) => reached.get(child)?.has(other) && reached.get(other)?.has(child))
      .sort();
    for (const member of members) done.add(member);
    if (!members.some((member) => member.endsWith('/'))) continue;
    const within = members.flatMap((member) =>
      [...(edges.get(member) ?? [])]
        .filter(([target]) => members.includes(target))
        .map(([, by]) => by),
    );
    circles.push({ members, imports: within });
  }
  return circles;
}

/**
 * What a file is part of at a level: itself, or a folder, with a slash behind it.
 * @param {string} level
 * @param {string} file
 */
function childAt(level, file) {
  const prefix = level === '' ? '' : `${level}/`;
  if (!file.startsWith(prefix)) return undefined;
  const [first, ...rest] = file.slice(prefix.length).split('/');
  return `${prefix}${first}${rest.length > 0 ? '/' : ''}`;
}

/** All folders that files are in, at any depth. @param {readonly string[]} files */
function levels(files) {
  const all = new Set(['']);
  for (const file of files) for (let at = dirname(file); at !== '.'; at = dirname(at)) all.add(at);
  return [...all].sort();
}

/** @param {string} path */
const posix = (path) => path.split(sep).join('/');
