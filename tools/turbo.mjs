// Turbo for package.json's scripts: `node tools/turbo.mjs build`.

import { turbo } from './command.mjs';

process.exitCode = (await turbo(process.argv.slice(2))).code;
