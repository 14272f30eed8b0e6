// What packages' scripts call: `node ../../tools/tsc.mjs -p .` is TypeScript 7's compiler, which checks
// all of the repository in seconds. It stands beside `typescript`, whose API other tools need, and as
// which our users' compilers may still be.

const { href } = new URL('./node_modules/typescript-7/lib/tsc.js', import.meta.url);
await import(href);
