export { type BrowserPage, openPage, type PageOptions } from './page.js';
