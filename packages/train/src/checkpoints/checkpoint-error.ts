import { SketchgradError } from '@sketchgrad/core';

/** A checkpoint could not be written, or no checkpoint of a directory is whole. */
export class CheckpointError extends SketchgradError {
  /** The checkpoint, or the directory of checkpoints. */
  readonly file: string;
  /** The newest checkpoint that was completed before, if there is one. */
  readonly lastComplete: string | undefined;

  constructor(file: string, message: string, lastComplete?: string, options?: ErrorOptions) {
    super('checkpoint', message, options);
    this.file = file;
    this.lastComplete = lastComplete;
  }
}
