/** What a child says of its runs, each a line of JSON on its file descriptor 3. */
export type ChildMessage =
  | { readonly run: number; readonly began: readonly string[] }
  | { readonly run: number; readonly ended: 'answer' | 'error' }
  | { readonly run: number; readonly failed: string };

/** What a child is told, as JSON in its first argument. */
export interface ChildTask {
  /** URL of the module that exports `readers`. */
  readonly module: string;
  readonly reader: string;
  readonly seed: number;
  /** Seconds that one input may keep a processor busy. */
  readonly seconds: number;
  readonly first: number;
  /** One behind the last; from the samples' number on, runs are mutated ones. */
  readonly mutated: number;
}
