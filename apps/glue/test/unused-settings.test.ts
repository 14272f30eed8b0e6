import { describe, expect, test } from 'vitest';
import { run } from './command.js';

describe.concurrent('options that nothing would look at', () => {
  test.for<[string, readonly string[]]>([
    ['finetune --rate 0.2', ['--rate has no use with dense: rmm, rows, wta-crs, rmm-quantized']],
    ['finetune --estimator dense --bits 2', ['--bits has no use with dense: quantized']],
    ['plan --estimator rmm:0.5 --no-rotate', ['--no-rotate has no use with rmm:0.5: quantized']],
    ['plan --estimator rmm:0.5 --rate 0.2', ['--rate has no use with rmm:0.5, which says that']],
    ['plan --estimator rmm --replacement', ['--replacement has no use with rmm, whose sketch']],
    ['step --estimator dense,rmm --group 64', ['--group has no use with dense, rmm: quantized']],
    ['finetune --estimator rmm --priorities position', ['--priorities has no use with rmm: rows']],
    ['finetune --every-layer', ['--every-layer has no use with dense: gradients are exact']],
    ['variance --every-layer', ['--every-layer has no use with --trained dense']],
    ['finetune --memory-budget 1GB --rate 0.3', ["--rate has no use with a budget's own"]],
    [
      'finetune --memory-budget 1GB --candidates rmm:0.3 --rate 0.3',
      ['--rate has no use with rmm:0.3, which says that itself'],
    ],
    ['plan --choice c.json --bits 2', ['--bits has no use with --choice']],
    ['finetune --random-weights --new-head', ['--new-head has no use with --random-weights']],
    ['plan --choice=', ['--choice is empty: --choice <file> takes a text']],
    ['finetune --out=', ['--out is empty: --out <dir> takes a text']],
    ['finetune --task cola --data=', ['--data is empty']],
    ['plan --seed 3', ['--seed has no use with plan: nothing is drawn']],
    ['plan --random-weights', ['--random-weights has no use with plan: nothing is drawn']],
    [
      'plan --estimator rows:optimal --priorities position',
      ['--priorities has no use with plan: any ranks take the same bytes'],
    ],
    [
      'step --estimator rows:optimal --priorities position',
      ['--priorities has no use with step: rows are ranked by numbers that are drawn'],
    ],
    [
      'step --estimator rmm,rmm:gaussian:0.1',
      ["each estimator may come once, but 'rmm' and 'rmm:gaussian:0.1' are the same"],
    ],
    [
      'step --estimator quantized:3,quantized:group=128 --bits 3',
      ["'quantized:3' and 'quantized:group=128' are the same"],
    ],
    [
      'finetune --memory-budget 1GB --candidates rmm:count,rmm:count:0.3 --rate 0.3',
      ["'rmm:count' and 'rmm:count:0.3' are the same"],
    ],
    [
      'compare --ways rmm;rmm:gaussian:0.1',
      ["each way may come once, but 'rmm' and 'rmm:gaussian:0.1' are the same"],
    ],
    ['variance --estimator dense --measured 1', ['--measured has no use with dense']],
    ['compare --ways dense=every-layer', ["every-layer has no use in 'dense every-layer'"]],
    ['compare --noise-batches 0 --new-head', ['--new-head has no use with --noise-batches 0']],
    ['memory --data /nonexistent --tasks cola', ['there is no folder /nonexistent']],
    ['memory --data . --tasks cola', ['. has no CoLA: --data takes']],
    ['memory --data .', ['. has no CoLA, MNLI, MRPC']],
    ['memory --data . --tasks cola,cola', ["but 'cola' comes twice"]],
  ])('%s', async ([line, parts]) => {
    const ended = await run(...line.split(' ').map((word) => word.replace(/^dense=/, 'dense ')));
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    for (const part of parts) expect(ended.stderr).toContain(part);
  });
});
