// What `npm start` and `npm test` call: `node tools/run.mjs start`.

import { bootstrap, SetupError } from './bootstrap.mjs';

try {
  process.exitCode = await bootstrap(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`sketchgrad: ${error.message}`);
  process.exitCode = 1;
}
