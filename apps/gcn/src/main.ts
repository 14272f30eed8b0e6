import { Interruptions, newProgram, runProgram } from '@sketchgrad/bench/command-line';
import manifest from '../package.json' with { type: 'json' };
import { addPlan } from './commands/plan.js';
import { addStep } from './commands/step.js';
import { addTable } from './commands/table.js';
import { addTrain } from './commands/train.js';

/**
 * Runs the command line.
 *
 * @param args what follows the program's name
 * @returns the exit code: 0, 2 for options, files or data that cannot be, 1 for a run that failed, 128 + n after signal n
 */
export async function main(args: readonly string[]): Promise<number> {
  const interruptions = new Interruptions();
  const program = newProgram('sketchgrad-gcn', manifest.version).description(
    "Classifies a graph's nodes with GCN and GCNII, with exact or randomized weight gradients.",
  );
  addTrain(program, interruptions);
  addStep(program);
  addPlan(program);
  addTable(program, interruptions);
  return runProgram(program, args);
}
