export { type BrowserPage, openPage, type PageOptions } from './page.js';
export { testsInPage } from './tests-in-page.js';
