import { readFileSync, writeFileSync } from 'node:fs';
import { checkFlag, checkOptions } from '@sketchgrad/core';
import type { ResidentMemory } from '../measure-steps.js';
import { collectGarbage } from './collect-garbage.js';

/** Milliseconds between two looks where the system keeps no peak that can be reset. */
const INTERVAL = 10;

/**
 * The most memory that this process has had resident, all its threads included, since the last
 * `reset`, in bytes.
 *
 * On Linux the kernel keeps it (VmHWM, which writing 5 to /proc/self/clear_refs resets), so that no
 * moment is missed. Elsewhere a timer looks every 10 ms, and whoever measures may look in between
 * with `sample`; a peak of less than that, or while this thread is busy, can be missed.
 */
export class ResidentPeak implements ResidentMemory {
  readonly exact: boolean;
  #sampled = 0;
  readonly #timer: NodeJS.Timeout | undefined;

  /**
   * @param options.sampling looks by timer even where the kernel would tell
   * @throws UsageError for another option
   */
  constructor(options: { readonly sampling?: boolean } = {}) {
    checkOptions('ResidentPeak', options, { sampling: true });
    const { sampling = false } = options;
    checkFlag('sampling', sampling);
    this.exact = !sampling && resetByKernel();
    this.reset();
    if (this.exact) return;
    this.#timer = setInterval(() => this.sample(), INTERVAL);
    this.#timer.unref();
  }

  /** Forgets what was: the peak is now what is resident now. */
  reset(): void {
    if (this.exact) resetByKernel();
    this.#sampled = process.memoryUsage.rss();
  }

  /** Frees what nothing refers to any more, then resets; gives the bytes that are resident now. */
  collect(): number {
    collectGarbage();
    this.reset();
    return this.#sampled;
  }

  /** Looks now. */
  sample(): void {
    this.#sampled = Math.max(this.#sampled, process.memoryUsage.rss());
  }

  /** Bytes at most since `reset`. */
  get bytes(): number {
    this.sample();
    return Math.max(this.#sampled, (this.exact && peakOfKernel()) || 0);
  }

  /** Ends the looking; `bytes` stays readable. */
  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Whether the kernel has set its peak back. Containers may forbid it; other systems have no such file. */
function resetByKernel(): boolean {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    return false;
  }
  return peakOfKernel() !== undefined;
}

function peakOfKernel(): number | undefined {
  const found = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return found ? Number(found[1]) * 1024 : undefined;
}
