import { checkFunction, checkMembers, checkOptions } from '@sketchgrad/core';

/** Who is told how a run comes on. */
export interface RunProgress {
  /** Something else counts from here on: `step`. */
  count(label: string): void;
  /** @param details what stands behind the numbers */
  show(done: number, total: number, details: string): void;
  /** A line for people in the middle of it all. */
  note(text: string): void;
  /** For now nothing counts any more. */
  end(): void;
}

/** What surrounds a run that a program starts. */
export interface RunContext {
  /** Nobody is told unless given. */
  readonly progress?: RunProgress | undefined;
  /** Asked for when training begins: the run stops after a step, with a checkpoint, once it is aborted. */
  readonly claimSignal?: (() => AbortSignal) | undefined;
}

/** Tells nobody. */
export const SILENT: RunProgress = {
  count: () => undefined,
  show: () => undefined,
  note: () => undefined,
  end: () => undefined,
};

/** @throws UsageError for what does not surround a run */
export function checkContext(context: RunContext): void {
  checkOptions('a run', context, { progress: true, claimSignal: checkFunction });
  const { progress = SILENT } = context;
  checkMembers('progress', progress, {
    accepted: 'an object with count, show, note and end, who are told how a run comes on',
    members: { count: 'function', show: 'function', note: 'function', end: 'function' },
  });
}
