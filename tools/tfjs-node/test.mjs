// What `npm run test:libtensorflow` runs once everything is installed: sets tfjs-node up, then runs the tests
// in `test/libtensorflow` of every package on it. A set-up that fails is a failed test.

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../bootstrap.mjs';
import { exampleOnNode } from '../checks/consumer/tensorflow.mjs';
import { indent, tally, total } from '../checks/report.mjs';
import { build, countTests } from '../checks/tests.mjs';
import { findPackages } from '../checks/workspace.mjs';
import { installed, root, run } from '../command.mjs';
import { folderOf, VARIABLE } from './folder.mjs';
import { setUp } from './set-up.mjs';

const resultsFile = 'test-results.libtensorflow.json';

/** @returns {Promise<import('../checks/report.mjs').Tally>} */
async function everything() {
  const folder = folderOf(process.env);
  try {
    const { tfjsNode, libtensorflow } = await setUp(folder, process.env);
    console.log(`tfjs-node ${tfjsNode} with libtensorflow ${libtensorflow}, in ${folder}`);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return tally([{ name: 'tfjs-node is set up', passed: false, detail: error.message }]);
  }
  const built = await build();
  if (built.failed > 0) return built;
  const tested = findPackages(root).filter((each) =>
    existsSync(join(each.folder, 'test/libtensorflow')),
  );
  if (tested.length === 0) return tally([{ name: 'no package has such tests', passed: false }]);
  const found = [];
  for (const { folder: cwd, location } of tested) {
    console.log(`\n▸ ${location}`);
    const results = join(cwd, resultsFile);
    rmSync(results, { force: true });
    const config = join(root, 'tools/tfjs-node/vitest.config.mjs');
    const environment = { ...process.env, [VARIABLE]: folder, TF_CPP_MIN_LOG_LEVEL: '2' };
    const vitest = [installed('vitest'), 'run', '--config', config];
    const { code } = await run(vitest, { cwd, environment });
    found.push(countTests(location, results));
    if (code !== 0 && total(found).failed === 0)
      found.push(tally([{ name: `${location}: vitest exited with ${code}`, passed: false }]));
  }
  found.push(await exampleOnNode(join(folder, 'node_modules/@tensorflow/tfjs-node')));
  return { ...total(found), detail: found.flatMap(({ detail }) => detail || []).join('\n') };
}

const { passed, failed, detail } = await everything();
if (detail) console.log(`\n${indent(detail)}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
