// A training step on tfjs-node, ours beside plain TensorFlow.js (step_tfjs.mjs), in turns on one machine:
//
//     node tools/peers/compare_tfjs.mjs --rounds 3 --steps 5 [options of `glue step`]
//
// Each round is a process of either, so that neither has the other's memory. Prints the medians of all steps'
// medians, and the ratios, as JSON too. Its --dropout is the peer's; ours has what the model's config has.

import { parseArgs } from 'node:util';
import { SetupError } from '../bootstrap.mjs';
import { run } from '../command.mjs';
import { folderOf, VARIABLE } from '../tfjs-node/folder.mjs';
import { setUp } from '../tfjs-node/set-up.mjs';

const { values: options, tokens } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '5' },
    model: { type: 'string', default: 'minilm' },
    'batch-size': { type: 'string', default: '16' },
    sequence: { type: 'string', default: '128' },
    dropout: { type: 'string', default: '0.1' },
    estimator: { type: 'string', default: 'dense' },
    keep: { type: 'string' },
  },
  tokens: true,
});
if (tokens.some(({ kind }) => kind === 'positional')) throw new Error('options only');

const shared = ['model', 'batch-size', 'sequence', 'steps'].flatMap((name) => [
  `--${name}`,
  String(options[/** @type {'model'} */ (name)]),
]);
const kept = options.keep === undefined ? [] : ['--keep', options.keep];
const ours = [
  ...['apps/glue/dist/cli.js', 'step', '--backend', 'tfjs:node', '--json', '--random-weights'],
  ...[...shared, '--estimator', options.estimator, ...kept],
];
const plain = ['tools/peers/step_tfjs.mjs', ...shared, '--dropout', options.dropout];

/**
 * @typedef {{ estimator: string, secondsPerStep: { median: number }, measuredPeakBytes: number }} Result
 * @param {readonly string[]} words
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<readonly Result[]>}
 */
async function resultsOf(words, environment) {
  const command = [process.execPath, ...words];
  const { code, output, errors } = await run(command, { environment, capture: true });
  if (code !== 0) throw new SetupError(`${words[0]} failed:\n${errors}`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '').results;
}

const median = (/** @type {number[]} */ numbers) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const folder = folderOf(process.env);
await setUp(folder, process.env);
const environment = { ...process.env, [VARIABLE]: folder, TF_CPP_MIN_LOG_LEVEL: '2' };
/** @type {Map<string, { seconds: number[], peakBytes: number }>} */
const found = new Map();
for (let round = 0; round < Number(options.rounds); round++)
  for (const [name, words] of /** @type {const} */ ([
    ['tf.js', plain],
    ['ours', ours],
  ]))
    for (const { estimator, secondsPerStep, measuredPeakBytes } of await resultsOf(
      words,
      environment,
    )) {
      const key = name === 'ours' ? estimator : name;
      const { seconds } = found.get(key) ?? { seconds: [] };
      seconds.push(secondsPerStep.median);
      found.set(key, { seconds, peakBytes: measuredPeakBytes });
      console.error(`round ${round + 1}: ${key} ${secondsPerStep.median.toFixed(3)} s a step`);
    }
const peer = /** @type {{ seconds: number[], peakBytes: number }} */ (found.get('tf.js'));
const table = [...found].map(([name, { seconds, peakBytes }]) => ({
  ...{ name, seconds: median(seconds), timeRatio: median(seconds) / median(peer.seconds) },
  ...{ peakBytes, peakRatio: peakBytes / peer.peakBytes },
}));
for (const { name, seconds, timeRatio, peakBytes, peakRatio } of table)
  console.error(
    `${name.padEnd(16)} ${seconds.toFixed(3)} s (${timeRatio.toFixed(2)} ×)  ${(peakBytes / 2 ** 20).toFixed(0)} MiB (${peakRatio.toFixed(3)} ×)`,
  );
console.log(JSON.stringify(table));
