import { parseWays } from '@sketchgrad/train/language';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addEstimatorOptions, estimatorsOption } from '../../src/command-line/estimators/index.js';

/** What a command says that takes lists of estimators and ways; nothing where it runs. */
function refused(line: string): string | undefined {
  const command = addEstimatorOptions(new Command('some').exitOverride())
    .addOption(estimatorsOption('--estimator <names>', 'some', 'dense'))
    .option('--ways <list>', 'some', (text) => parseWays(text))
    .action(() => undefined);
  try {
    command.parse(line.split(' '), { from: 'user' });
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

test.for([
  ['--estimator rmm,rmm:gaussian:0.1', "'rmm' and 'rmm:gaussian:0.1'"],
  ['--estimator dense,rmm:0.1,rmm:gaussian', "'rmm:0.1' and 'rmm:gaussian'"],
  ['--estimator rmm,rmm:gaussian:0.3 --rate 0.3', "'rmm' and 'rmm:gaussian:0.3'"],
  ['--estimator quantized,quantized:3:group=128', "'quantized' and 'quantized:3:group=128'"],
  ['--estimator rows,rows:norm:replacement', "'rows' and 'rows:norm:replacement'"],
] as const)('one estimator in two spellings: %s', ([line, names]) => {
  expect(refused(line)).toBe(`each estimator may come once, but ${names} are the same`);
});

test('those that the options set apart may stand beside each other', () => {
  expect(refused('--estimator rmm,rmm:gaussian:0.1 --rate 0.3')).toBeUndefined();
  expect(refused('--estimator rmm,rmm:count,rows,rows:uniform,quantized:2')).toBeUndefined();
});

test('one way in two spellings', () => {
  const message = "each way may come once, but 'rmm' and 'rmm:gaussian' are the same";
  expect(refused('--ways rmm;rmm:gaussian')).toBe(message);
  expect(refused('--ways rmm;rmm:count')).toBeUndefined();
  const words = ['rmm norm=8,gelu=3', 'rmm:0.1 gelu=3,norm=8'];
  const command = (ways: string[]) =>
    addEstimatorOptions(new Command('some').exitOverride())
      .option('--ways <list>', 'some', (text) => parseWays(text))
      .action(() => undefined)
      .parse(['--ways', ways.join(';')], { from: 'user' });
  expect(() => command(words)).toThrow("'rmm' and 'rmm:0.1' are the same");
  expect(() => command(['rmm', 'rmm:0.1 block', 'rmm:0.1 every-layer'])).not.toThrow();
});
