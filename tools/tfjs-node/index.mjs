// Sets tfjs-node up, and prints the folder that it is in: `node tools/tfjs-node/index.mjs`. README.md says more.

import { SetupError } from '../bootstrap.mjs';
import { folderOf } from './folder.mjs';
import { setUp } from './set-up.mjs';

try {
  const folder = folderOf(process.env);
  const { tfjsNode, libtensorflow } = await setUp(folder, process.env);
  console.error(`tfjs-node ${tfjsNode} with libtensorflow ${libtensorflow}`);
  console.log(folder);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`sketchgrad: ${error.message}`);
  process.exitCode = 1;
}
