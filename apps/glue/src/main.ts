import { Interruptions, newProgram, runProgram } from '@sketchgrad/bench/command-line';
import manifest from '../package.json' with { type: 'json' };
import { addCompare } from './commands/compare.js';
import { addDemo } from './commands/demo.js';
import { addDoctor } from './commands/doctor.js';
import { addFinetune } from './commands/finetune.js';
import { addMemory } from './commands/memory.js';
import { addPlan } from './commands/plan.js';
import { addStep } from './commands/step.js';
import { addVariance } from './commands/variance.js';

/**
 * Runs the command line.
 *
 * @param args what follows the program's name
 * @returns the exit code: 0, 2 for options, files or data that cannot be, 1 for a run that failed, 128 + n after signal n
 */
export async function main(args: readonly string[]): Promise<number> {
  const interruptions = new Interruptions();
  const program = newProgram('sketchgrad-glue', manifest.version).description(
    'Fine-tunes encoders on GLUE and WordNet with exact or randomized weight gradients.',
  );
  addFinetune(program, interruptions);
  addStep(program);
  addPlan(program);
  addMemory(program);
  addCompare(program);
  addVariance(program, interruptions);
  addDemo(program, interruptions);
  addDoctor(program);
  return runProgram(program, args);
}
