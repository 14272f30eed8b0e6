import { layersOfEstimator, measureSteps, openBackend } from '@sketchgrad/bench';
import {
  estimatorsOption,
  Output,
  Progress,
  refuseUnused,
  STEPS_TO_TIME,
  stepTable,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import { ResidentPeak, readChoice, residentMemory } from '@sketchgrad/bench/node';
import { loadClassifier } from '@sketchgrad/models/node';
import { describeKeep } from '@sketchgrad/train/language';
import type { Command } from 'commander';
import { addChoiceOption } from '../options/choice.js';
import { addSharedOptions } from '../options/shared.js';
import type { StepOptions, StepResult } from '../steps/measured.js';
import { residentPeakAlone } from '../steps/resident-alone.js';
import { StepBench } from '../steps/step-bench.js';

/** Declares `step`: times training steps. */
export function addStep(program: Command): void {
  const command = program
    .command('step')
    .description('time training steps on random tokens; several estimators take turns')
    .addOption(estimatorsOption('--estimator <names>', 'what is timed', 'dense'))
    .option('--steps <n>', STEPS_TO_TIME, wholeNumber(1), 10);
  addSharedOptions(addChoiceOption(command), { batchSize: 16, sequence: 128 })
    .hook('preAction', (declared) =>
      refuseUnused(
        declared,
        ['priorities'],
        'with step: rows are ranked by numbers that are drawn',
      ),
    )
    .action(step);
}

async function step(options: StepOptions): Promise<void> {
  const output = new Output(options.json);
  const backend = await openBackend(options);
  const progress = new Progress('step');
  try {
    const model = await loadClassifier(options.model, {
      ...{ randomWeights: options.randomWeights, lastLayer: options.lastLayer },
      onWarning: (message) => progress.note(`warning: ${message}`),
    });
    const choices = options.choice
      ? [await readChoice(options.choice, model)]
      : options.estimator.map((spec) => layersOfEstimator(spec, model, options));
    const bench = new StepBench(model, backend, options);
    const contenders = choices.map((choice) => bench.contender(choice));
    // What another estimator has allocated in this process must not count: each alone, elsewhere.
    const alone =
      choices.length === 1
        ? []
        : await residentPeakAlone(options, (name) =>
            output.note(`measuring the memory of ${name} …`),
          );
    const measured = await measureSteps(contenders, {
      steps: options.steps,
      memory: new ResidentPeak(),
      onStep: (done, total) => progress.show(done, total, residentMemory()),
    });
    progress.end();
    const results = measured.map(
      ({ name: _, ...measurement }, index): StepResult => ({
        ...choices[index]!.report,
        ...measurement,
        residentPeakBytes: measurement.residentPeakBytes ?? alone[index] ?? null,
      }),
    );
    for (const [index, { keptBytes }] of results.entries()) {
      const warning = bench.warningOf(choices[index]!, keptBytes);
      if (warning) output.note(warning);
    }
    const { model: name, batchSize, sequence, keep = {} } = options;
    output.result(
      `${name}, ${batchSize} × ${sequence} tokens, recompute ${options.recompute}${describeKeep(keep)}, backend ${backend.name}\n${stepTable(results)}`,
      { model: name, backend: backend.name, batchSize, sequence, keep, results },
    );
  } finally {
    progress.end();
    await backend.dispose();
  }
}
