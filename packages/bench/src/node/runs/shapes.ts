import { counted } from '../../counted.js';

/** For people, what batches of many sizes cost a run: `12 graphs compiled; 3.1 % of the batches' rows empty`. */
export const describeShapes = (run: {
  readonly executables: number;
  readonly emptyRows: number;
}): string =>
  `${counted(run.executables, 'graph')} compiled; ${(100 * run.emptyRows).toFixed(1)} % of the batches' rows empty`;
