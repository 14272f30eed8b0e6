import type { Packing } from './packing.js';

/** Contents of files by their paths within a folder. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** What a reader is given. */
export interface FuzzInput {
  /** Where the files are, on disk; nothing else is in there, and it is removed afterwards. */
  readonly folder: string;
  readonly files: Files;
  /**
   * The files before damage to packed bytes: what was packed may be another sample's by then, but
   * each file is whole.
   */
  readonly whole: Files;
}

/** Something that reads files and promises a typed error or a right answer. */
export interface FuzzReader<Answer = unknown> {
  /** As it is asked for on the command line: `tsv`, `safetensors`. */
  readonly name: string;
  /** Right inputs, small ones of each kind that there is: what they are read to has to pass the check. */
  samples(): readonly Files[] | Promise<readonly Files[]>;
  /** Which files to change; all unless given. */
  readonly changes?: (path: string) => boolean;
  /** What the files are packed by, beside gzip (`.gz`) and zip (`.zip`). */
  readonly packings?: readonly Packing[];
  /** Words of the format: `'fortran_order': `, `"__metadata__"`. */
  readonly tokens?: readonly (string | Uint8Array)[];
  /** The errors that are promised; DataError alone unless given. */
  readonly errors?: readonly (new (
    ...parameters: never[]
  ) => Error)[];
  /** Reads the input; throws one of `errors`. */
  read(input: FuzzInput): Answer | Promise<Answer>;
  /** Throws where the answer cannot be right: looks again by other means than the reader's. */
  check(answer: Answer, input: FuzzInput): void | Promise<void>;
}
