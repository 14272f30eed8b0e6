import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { operations } from '../../src/index.js';
import { referenceKernels } from '../../src/reference/kernels.js';
import { libraryOperations } from '../support/library-operations.js';
import { GRADIENT_CASES } from './gradients.js';

const source = new URL('../../src/', import.meta.url);
const fileOf = (op: string) => `${op.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;

describe('every op', () => {
  for (const name of libraryOperations()) {
    const { vjp, flops } = operations().get(name)!;
    describe(name, () => {
      it('has a reference kernel', () => {
        expect([...referenceKernels.keys()], 'reference kernels').toContain(name);
      });

      it('has a gradient that is checked, or says why it has none', () => {
        expect(flops).toBeTypeOf('function');
        if (vjp !== 'none') {
          expect(Object.keys(GRADIENT_CASES), 'gradient checks').toContain(name);
          return;
        }
        const text = readFileSync(new URL(`ops/${fileOf(name)}`, source), 'utf8');
        expect(text, `${fileOf(name)} gives a reason`).toMatch(/\/\/ [^\n]+\n\s*vjp: 'none'/);
      });
    });
  }

  it('is one that there is: no kernel and no check is left over', () => {
    const names = new Set(libraryOperations());
    const leftOver = (of: Iterable<string>) => [...of].filter((name) => !names.has(name));
    expect(leftOver(referenceKernels.keys()), 'kernels of ops not exported').toEqual([]);
    expect(leftOver(Object.keys(GRADIENT_CASES)), 'checks of ops not exported').toEqual([]);
  });
});
