// Made-up repositories for the checks to look at.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** @typedef {Record<string, string | object>} Files text, or the object that a JSON file holds */

/**
 * Writes the files under a new folder that goes away when the test ends.
 * @param {Files} files
 * @returns {string} the folder
 */
export function makeTree(files) {
  const root = mkdtempSync(join(tmpdir(), 'sketchgrad-tree-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(root, path), text);
  }
  return root;
}
