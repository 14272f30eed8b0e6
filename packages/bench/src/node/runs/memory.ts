import { formatBytes } from '@sketchgrad/core';

/** What this process has resident: all of it, the weights' files and Node itself included. */
export const residentMemory = (): string => `resident ${formatBytes(process.memoryUsage.rss())}`;

/** A run's memory in the three ways in which it can be told. */
export interface Peaks {
  /** Of the largest step: weights, optimizer state and the arena, known before it is run. */
  readonly plannedPeakBytes: number;
  /** The same, as far as it was really touched. */
  readonly measuredPeakBytes: number;
  /** Most that the whole process had resident. */
  readonly processPeakBytes: number;
}

/** The three beside each other, for people. */
export const describePeaks = (peaks: Peaks): string =>
  `peak of a step ${formatBytes(peaks.plannedPeakBytes)} planned, ` +
  `${formatBytes(peaks.measuredPeakBytes)} measured; ` +
  `of the whole process ${formatBytes(peaks.processPeakBytes)} resident`;
