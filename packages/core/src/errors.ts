/**
 * The errors that sketchgrad raises on purpose. Each message says what was wrong, which value it
 * was, and what would be accepted; `code` lets a program tell them apart without reading it.
 */
export class SketchgradError extends Error {
  /** A short, stable name of the kind of error, for example `usage`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The caller asked for something that cannot be: an unknown name, a rate outside (0, 1]. */
export class UsageError extends SketchgradError {
  constructor(message: string, options?: ErrorOptions) {
    super('usage', message, options);
  }
}

/** Shapes or dtypes of a graph's values do not fit together. */
export class ShapeError extends SketchgradError {
  constructor(message: string, options?: ErrorOptions) {
    super('shape', message, options);
  }
}

/** A file or data set does not hold what it should. */
export class DataError extends SketchgradError {
  /** The file that was being read. */
  readonly file: string;
  /** The line within `file`, counted from 1, where there is one. */
  readonly line: number | undefined;

  constructor(file: string, message: string, line?: number, options?: ErrorOptions) {
    super('data', `${file}${line === undefined ? '' : `:${line}`}: ${message}`, options);
    this.file = file;
    this.line = line;
  }
}

/** A memory plan asks for more bytes than there is room for. */
export class PlanError extends SketchgradError {
  /** Bytes that the plan needs. */
  readonly neededBytes: number;
  /** Bytes that there are. */
  readonly limitBytes: number;

  constructor(message: string, neededBytes: number, limitBytes: number, options?: ErrorOptions) {
    super('plan', message, options);
    this.neededBytes = neededBytes;
    this.limitBytes = limitBytes;
  }
}

/** A backend is missing, or failed while it ran. */
export class BackendError extends SketchgradError {
  constructor(message: string, options?: ErrorOptions) {
    super('backend', message, options);
  }
}

/** A device is gone, and what was in its memory with it: a run goes on from a checkpoint. */
export class DeviceLostError extends SketchgradError {
  constructor(message: string, options?: ErrorOptions) {
    super('device-lost', message, options);
  }
}
