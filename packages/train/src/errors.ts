import { SketchgradError } from '@sketchgrad/core';

/** A run was stopped by its signal. */
export class InterruptedError extends SketchgradError {
  /** The checkpoint to resume from; undefined where there is none. */
  readonly checkpoint: string | undefined;

  constructor(message: string, checkpoint?: string) {
    super('interrupted', message);
    this.checkpoint = checkpoint;
  }
}

/** Where a run stood when its numbers were no longer finite. */
interface Place {
  /** The update, counted from 1. */
  readonly step: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** The last checkpoint, from before; undefined where there is none. */
  readonly lastCheckpoint: string | undefined;
}

/** Training has left the finite numbers. What came of it is not saved. */
export class NonFiniteError extends SketchgradError implements Place {
  readonly step: number;
  readonly epoch: number;
  readonly lastCheckpoint: string | undefined;

  /** @param what for example `the loss is NaN` */
  constructor(what: string, { step, epoch, lastCheckpoint }: Place) {
    const kept = lastCheckpoint
      ? `The last good checkpoint is ${lastCheckpoint}`
      : 'There is no checkpoint';
    super(
      'non-finite',
      `${what} in step ${step}, epoch ${epoch + 1}: a smaller learning rate or clipNorm may help. ${kept}`,
    );
    this.step = step;
    this.epoch = epoch;
    this.lastCheckpoint = lastCheckpoint;
  }
}
