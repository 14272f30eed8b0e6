// Turbo with its telemetry off, for package.json's scripts: `node tools/turbo.mjs run build`.

import { turbo } from './command.mjs';

process.exitCode = (await turbo(process.argv.slice(2))).code;
