import { testsInPage } from '@sketchgrad/testing/browser';

const declared = new Set<string>();

/**
 * One case of each op, behind the test that there are cases, and whole gradients; test/conformance.test.ts has all
 * of them, on the same kernels.
 */
const only = (name: string): boolean => {
  const [, theme, what] = name.split(' > ');
  if (theme === 'training an encoder') return name.includes('gives the loss');
  if (theme !== 'ops' || name.endsWith('has cases and a tolerance in this suite')) return false;
  if (declared.has(what!)) return false;
  declared.add(what!);
  return true;
};

await testsInPage(new URL('./suite.ts', import.meta.url), { only });
