/** Whether a text names a file by its path, not a package: `./backend.js`, `../b.js`, `/b.js`, `C:\b.js`. */
export const isPath = (text: string): boolean => /^(\.{0,2}|[A-Za-z]:)[/\\]/.test(text);
