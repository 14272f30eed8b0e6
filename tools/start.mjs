// What `npm start` runs once everything is installed: build the command line, then its demo.

import { join } from 'node:path';
import { root, run, turbo } from './command.mjs';

const demo = [process.execPath, join(root, 'apps/glue/dist/cli.js'), 'demo'];

console.log('Building …');
let { code } = await turbo(['build', '--filter=@sketchgrad/glue...']);
if (code === 0) ({ code } = await run([...demo, ...process.argv.slice(2)]));
process.exitCode = code;
