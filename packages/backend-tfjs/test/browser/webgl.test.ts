import { testsInPage } from '@sketchgrad/testing/browser';

const declared = new Map<string, number>();

/**
 * One case of each op, behind the test that there are cases, all of ReLU's, whose bits are packed another way
 * there, and whole gradients. What is drawn is drawn on
 * the host, where test/conformance.test.ts has it; of the plans that are kept to, those of plain steps.
 */
const only = (name: string): boolean => {
  const [, theme, what] = name.split(' > ');
  if (theme === 'random bits' || theme === 'packed sequences') return false;
  if (theme === 'memory') return !name.includes('recompute') || name.includes('recompute none');
  if (theme !== 'ops' || what === 'relu') return true;
  const before = declared.get(what!) ?? 0;
  declared.set(what!, before + 1);
  return before < 2;
};

await testsInPage(new URL('./webgl.ts', import.meta.url), { only });
