import { testsInPage } from '../../src/browser/index.js';

const tested = new Map<string, number>();

/** All but further cases of an op and the draws, which are the same arithmetic in every engine. */
const only = (name: string): boolean => {
  const [suite, theme, op] = name.split(' > ');
  if (theme === 'random bits') return false;
  if (theme !== 'ops') return true;
  const before = tested.get(`${suite} ${op}`) ?? 0;
  tested.set(`${suite} ${op}`, before + 1);
  // The first tells that there are cases.
  return before < 2;
};

await testsInPage(new URL('./suites.ts', import.meta.url), { only });
