import { testsInPage } from '@sketchgrad/testing/browser';

await testsInPage(new URL('./lost.ts', import.meta.url));
