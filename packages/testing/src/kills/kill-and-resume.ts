import { deepStrictEqual } from 'node:assert';
import { join } from 'node:path';
import { threefry2x32 } from '@sketchgrad/core';
import { type Moment, namesIn, runOrKill } from './killed-run.js';

/** A command that trains in a folder and can be resumed there. */
export interface KilledCommand {
  /** For Node: the command line's file, and its words but `--out` and `--resume`. */
  readonly words: readonly string[];
  /** An empty folder. */
  readonly folder: string;
  /** Kills in all. */
  readonly kills: number;
  readonly seed: number;
  /** What must be the same however often a run was killed, from its folder when it is finished. */
  readonly outcome: (out: string) => unknown;
}

/** What came of it. */
export interface KillReport {
  readonly kills: number;
  /** Runs that were killed once or more, and ended as the one that was not. */
  readonly runs: number;
  /** How often the kill met what. */
  readonly met: Readonly<Record<string, number>>;
}

/** After so many a run may come to its end. */
const MOST_KILLS_OF_A_RUN = 8;

/**
 * Kills runs at random moments, by SIGKILL, and resumes them until they end: a third of the moments in
 * the process' first second, a third at any time of a run, a third at some change in the folder.
 *
 * @throws where a run cannot be resumed, or does not end as one that was never killed
 */
export async function killAndResume(command: KilledCommand): Promise<KillReport> {
  const { words, folder, kills, seed, outcome } = command;
  const start = (out: string, resume: boolean, moment?: Moment) =>
    runOrKill([...words, '--out', out, ...(resume ? ['--resume'] : [])], out, moment);
  const undisturbed = join(folder, 'never-killed');
  const whole = await start(undisturbed, false);
  if (whole.code !== 0) throw new Error(`without a kill the run fails:\n${whole.stderr}`);
  const expected = outcome(undisturbed);

  const met: Record<string, number> = {};
  let done = 0;
  let runs = 0;
  for (let attempt = 0; done < kills; runs++) {
    const out = join(folder, `killed-${runs}`);
    for (let killed = 0; ; ) {
      const [kind, place] = threefry2x32(seed, attempt++, 0, 0).map((word) => word / 2 ** 32);
      const moments: readonly Moment[] = [
        { milliseconds: place! * 1000 },
        { milliseconds: place! * 1000 * whole.seconds },
        { changes: Math.ceil(place! * whole.changes) },
      ];
      const moment = moments[Math.floor(kind! * moments.length)]!;
      const mayEnd = killed === MOST_KILLS_OF_A_RUN || done === kills;
      const ended = await start(out, killed > 0, mayEnd ? undefined : moment);
      if (ended.killed) {
        killed++;
        done++;
        const what = found(out);
        met[what] = (met[what] ?? 0) + 1;
        continue;
      }
      if (ended.code !== 0)
        throw new Error(`after ${killed} kills ${out} is not resumed:\n${ended.stderr}`);
      deepStrictEqual(outcome(out), expected, `after ${killed} kills ${out} ends otherwise`);
      break;
    }
  }
  return { kills: done, runs, met };
}

/** What a kill has left, in words. */
function found(out: string): string {
  const names = namesIn(out);
  const has = (end: string) => names.some((name) => name.endsWith(end));
  if (names.includes('run.json')) return 'finished, checkpoints to remove';
  if (names.some((name) => name.endsWith('.tmp')) || names.includes('config.json'))
    return 'its model being saved';
  if (has('.partial'))
    return has('.checkpoint') ? 'a checkpoint half written' : 'the first checkpoint half written';
  if (has('.checkpoint')) return 'a checkpoint';
  return names.length > 0 ? 'a folder without a checkpoint' : 'nothing';
}
